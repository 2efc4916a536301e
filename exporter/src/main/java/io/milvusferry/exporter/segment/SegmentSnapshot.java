package io.milvusferry.exporter.segment;

import java.util.List;

/**
 * The segments whose files show a collection as of one moment.
 *
 * @param timestamp hybrid timestamp of that moment
 * @param segments sorted by id
 */
public record SegmentSnapshot(long timestamp, List<PlannedSegment> segments) {
  public SegmentSnapshot {
    segments = List.copyOf(segments);
  }

  /**
   * A segment whose rows lie in files.
   *
   * @param rows how many the server says it has, also those that are deleted or too new; -1 where
   *     it does not say, since the segment is still being written, or was replaced meanwhile
   */
  public record PlannedSegment(long id, long partition, long rows) {
    /** Whether the server says how many rows there are. */
    boolean isTold() {
      return rows >= 0;
    }
  }

  /** Whether rows of one segment may be copies of those of another. */
  boolean hasCopies() {
    return segments.stream().anyMatch(segment -> !segment.isTold());
  }

  /** Rows of all segments, also those that are deleted or too new, as far as the server told. */
  public long rows() {
    return segments.stream().mapToLong(segment -> Math.max(0, segment.rows())).sum();
  }
}
