package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.Direction;
import io.milvusferry.manifest.CollectionName;
import java.time.Instant;

/**
 * What is kept of a mirrored collection over restarts.
 *
 * @param id never used twice
 * @param sinceTimestamp hybrid timestamp of the source when mirroring began; 0 where it gave none
 * @param replaying whether the journal is let go to the other side
 * @param readWeight percent of reads sent to the target
 * @param shadowPercent percent of searches sent to the target too
 * @param dirty whether a write of unknown outcome had no keys to look up
 */
record MirrorRow(
    long id,
    CollectionName collection,
    Direction direction,
    Instant since,
    long sinceTimestamp,
    boolean replaying,
    int readWeight,
    int shadowPercent,
    boolean dirty) {
  MirrorRow {
    if (readWeight < 0 || readWeight > 100 || shadowPercent < 0 || shadowPercent > 100) {
      throw new IllegalArgumentException(
          "not a percentage: %d or %d".formatted(readWeight, shadowPercent));
    }
  }

  MirrorRow withReplaying(boolean value) {
    return new MirrorRow(
        id, collection, direction, since, sinceTimestamp, value, readWeight, shadowPercent, dirty);
  }

  MirrorRow withReadWeight(int value) {
    return new MirrorRow(
        id, collection, direction, since, sinceTimestamp, replaying, value, shadowPercent, dirty);
  }

  MirrorRow withShadowPercent(int value) {
    return new MirrorRow(
        id, collection, direction, since, sinceTimestamp, replaying, readWeight, value, dirty);
  }

  MirrorRow withDirty(boolean value) {
    return new MirrorRow(
        id,
        collection,
        direction,
        since,
        sinceTimestamp,
        replaying,
        readWeight,
        shadowPercent,
        value);
  }

  MirrorRow withDirection(Direction value) {
    return new MirrorRow(
        id, collection, value, since, sinceTimestamp, replaying, readWeight, shadowPercent, dirty);
  }
}
