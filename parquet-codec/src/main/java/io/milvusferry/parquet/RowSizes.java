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
        addArray(array.offsets(), array.elements(), sizes);
      } else if (column instanceof Column.Structs structs) {
        structs.members().forEach(member -> addArray(structs.offsets(), member, sizes));
      } else {
        long width = fixedWidth(column);
        for (int row = 0; row < sizes.length; row++) {
          sizes[row] += width;
        }
      }
    }
    return sizes;
  }

  private static void addArray(int[] offsets, Column elements, long[] sizes) {
    for (int row = 0; row < sizes.length; row++) {
      int count = offsets[row + 1] - offsets[row];
      sizes[row] +=
          Integer.BYTES
              + (elements instanceof Column.Bytes texts
                  ? (long) Integer.BYTES * count
                      + texts.offsets()[offsets[row + 1]]
                      - texts.offsets()[offsets[row]]
                  : fixedWidth(elements) * count);
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
