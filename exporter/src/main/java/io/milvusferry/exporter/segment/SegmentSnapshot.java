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
   * @param rows how many the server says it has, also those that are deleted or too new
   */
  public record PlannedSegment(long id, long partition, long rows) {}

  /** Rows of all segments, also those that are deleted or too new. */
  public long rows() {
    return segments.stream().mapToLong(PlannedSegment::rows).sum();
  }
}
