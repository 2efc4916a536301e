package io.milvusferry.exporter.segment;

import io.milvusferry.storage.StoredObject;
import java.util.Map;

/**
 * Files of one segment with the same rows, one for each field: what the server wrote at once.
 *
 * @param number place among the units of its segment, from 0
 * @param logs by field id
 */
record SegmentUnit(long segment, long partition, int number, Map<Long, StoredObject> logs) {
  /** Field id of the timestamps of rows. */
  static final long TIMESTAMPS = 1;

  SegmentUnit {
    logs = Map.copyOf(logs);
  }
}
