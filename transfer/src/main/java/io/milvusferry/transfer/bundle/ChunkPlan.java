package io.milvusferry.transfer.bundle;

import java.util.List;

/**
 * What one chunk holds.
 *
 * @param index place in the bundle, from zero
 * @param rawBytes before compression
 */
public record ChunkPlan(int index, long rawBytes, List<Segment> segments) {
  public ChunkPlan {
    segments = List.copyOf(segments);
  }

  /** Paths of the files of which a piece lies in this chunk, in order. */
  public List<String> paths() {
    return segments.stream()
        .filter(Segment.FileRange.class::isInstance)
        .map(segment -> ((Segment.FileRange) segment).path())
        .distinct()
        .toList();
  }
}
