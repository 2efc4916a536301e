package io.milvusferry.exporter.segment;

import io.milvusferry.record.RecordBatch;

/** Rows of one unit in memory, in the order of {@link RowOrder}. */
final class UnitRows {
  private final RecordBatch batch;
  private final Keys keys;
  private final long[] timestamps;
  private final long bytes;

  /**
   * @param keys of the rows
   * @param timestamps of the rows
   * @param bytes of memory, as it was planned
   */
  UnitRows(RecordBatch batch, Keys keys, long[] timestamps, long bytes) {
    this.batch = batch;
    this.keys = keys;
    this.timestamps = timestamps;
    this.bytes = bytes;
  }

  RecordBatch batch() {
    return batch;
  }

  Keys keys() {
    return keys;
  }

  long timestamp(int row) {
    return timestamps[row];
  }

  long bytes() {
    return bytes;
  }

  int rows() {
    return batch.rows();
  }

  /** About how many bytes a row takes. */
  long bytesPerRow() {
    return Math.max(1, bytes / Math.max(1, batch.rows()));
  }
}
