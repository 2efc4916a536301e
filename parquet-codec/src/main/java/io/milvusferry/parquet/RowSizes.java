package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;

/**
 * How many bytes the values of each row take. Files and row groups are cut by this number: it
 * depends on a row alone, never on compression, batches or time.
 */
final class RowSizes {
  private RowSizes() {}

  /** The size of each row of the batch, in bytes. */
  static long[] of(RecordBatch batch) {
    long[] sizes = new long[batch.rows()];
    for (Column nullable : batch.columns()) {
      Column column = nullable.filled();
      if (column instanceof Column.Bytes text) {
        for (int row = 0; row < sizes.length; row++) {
          sizes[row] += Integer.BYTES + text.length(row);
        }
      } else if (column instanceof Column.Array array) {
        addArray(array, sizes);
      } else {
        long width = fixedWidth(column);
        for (int row = 0; row < sizes.length; row++) {
          sizes[row] += width;
        }
      }
    }
    return sizes;
  }

  private static void addArray(Column.Array array, long[] sizes) {
    int[] offsets = array.offsets();
    for (int row = 0; row < sizes.length; row++) {
      int elements = array.length(row);
      sizes[row] +=
          Integer.BYTES
              + (array.elements() instanceof Column.Bytes texts
                  ? (long) Integer.BYTES * elements
                      + texts.offsets()[offsets[row + 1]]
                      - texts.offsets()[offsets[row]]
                  : fixedWidth(array.elements()) * elements);
    }
  }

  private static long fixedWidth(Column column) {
    if (column instanceof Column.Vectors vectors) {
      return vectors.bytesPerRow();
    }
    if (column instanceof Column.Int64 || column instanceof Column.Float64) {
      return Long.BYTES;
    }
    return column instanceof Column.Bool ? 1 : Integer.BYTES;
  }
}
