package io.milvusferry.gateway;

import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.time.Instant;

/**
 * A mirrored collection at one moment.
 *
 * @param sinceTimestamp hybrid timestamp of the source when mirroring began; 0 where the source
 *     gives none
 * @param replaying whether the journal is let go to the other side
 * @param readWeight percent of reads that are sent to the target
 * @param shadowPercent percent of searches that are sent to the target too
 * @param pendingRecords writes that the other side does not have yet
 * @param lag age of the oldest of them, zero when there is none
 * @param failedWrites writes that the other side refused for good
 * @param unresolved writes of unknown outcome whose keys are still to be looked up
 * @param dirty whether a write of unknown outcome had no keys to look up, so that only a comparison
 *     can tell
 * @param lastReplayError why the other side did not take the last write it was given; empty when it
 *     did
 * @param reads what became of reads since {@code resetReads}
 * @param shadow what shadow reads found since then
 */
public record MirrorStatus(
    CollectionName collection,
    Direction direction,
    Instant since,
    long sinceTimestamp,
    boolean replaying,
    int readWeight,
    int shadowPercent,
    long pendingRecords,
    Duration lag,
    long failedWrites,
    long unresolved,
    boolean dirty,
    String lastReplayError,
    ReadCounts reads,
    ShadowCounts shadow) {
  /** Whether the other side has every write that an application knows to be done. */
  public boolean caughtUp() {
    return replaying && pendingRecords == 0 && failedWrites == 0 && unresolved == 0;
  }
}
