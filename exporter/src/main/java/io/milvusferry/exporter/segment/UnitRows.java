package io.milvusferry.exporter.segment;

import io.milvusferry.record.RecordBatch;

/**
 * Rows of one unit in memory, in the order of {@link RowOrder}.
 *
 * @param keys of the rows
 * @param timestamps of the rows
 * @param bytes of memory, as it was planned
 */
@SuppressWarnings("ArrayRecordComponent")
record UnitRows(RecordBatch batch, Keys keys, long[] timestamps, long bytes) {
  int rows() {
    return batch.rows();
  }

  /** About how many bytes a row takes. */
  long bytesPerRow() {
    return Math.max(1, bytes / Math.max(1, batch.rows()));
  }
}
