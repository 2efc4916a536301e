package io.milvusferry.migration.live;

import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import java.util.Optional;

/**
 * A collection in the middle of its migration.
 *
 * @param readWeight percent of reads that go to the target now; another one than the last step held
 *     while a cutover runs, and after one was killed
 * @param mirror what the gateway says of it; empty if it does not mirror it
 * @param reads what became of reads since they were last weighed
 * @param safety whether reads can be cut over now
 */
public record CollectionStatus(
    LiveCollection collection,
    int readWeight,
    Optional<MirrorStatus> mirror,
    ReadCounts reads,
    CutoverSafety safety) {
  /** Whether reads are split as the last step held. */
  public boolean settled() {
    return readWeight == collection.readWeight();
  }
}
