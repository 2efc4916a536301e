package io.milvusferry.exporter.segment;

import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.util.Arrays;

/** Rows of one unit in memory, in the order of {@link RowOrder}. */
final class UnitRows {
  private final RecordBatch batch;
  private final Keys keys;
  private final long[] timestamps;
  private final long bytes;

  /**
   * @param batch with the primary key
   * @param timestamps of the rows
   * @param bytes of memory, as it was planned
   */
  UnitRows(RecordBatch batch, long[] timestamps, long bytes) {
    this.batch = batch;
    this.keys = Keys.of(keyColumn(batch));
    this.timestamps = timestamps;
    this.bytes = bytes;
  }

  private static Column keyColumn(RecordBatch batch) {
    int at = 0;
    while (!batch.fields().get(at).primaryKey()) {
      at++;
    }
    return batch.columns().get(at);
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

  /** Timestamps of the rows from {@code from} up to, but not including, {@code to}. */
  long[] timestamps(int from, int to) {
    return Arrays.copyOfRange(timestamps, from, to);
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
