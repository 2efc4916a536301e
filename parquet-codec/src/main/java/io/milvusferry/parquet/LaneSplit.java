package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;

/**
 * Finds the rows that no Parquet import takes: one NaN or infinite number fails the whole import of
 * a file, though the server takes such rows by insert.
 */
final class LaneSplit {
  private LaneSplit() {}

  /** For each row of the batch whether it must be inserted. */
  static boolean[] insertRows(RecordBatch batch) {
    boolean[] insert = new boolean[batch.rows()];
    for (int i = 0; i < batch.columns().size(); i++) {
      Column column = batch.columns().get(i);
      if (column instanceof Column.Array array && isFloat(array.elements())) {
        for (int row = 0; row < insert.length; row++) {
          for (int j = array.offsets()[row]; j < array.offsets()[row + 1]; j++) {
            insert[row] |= notFinite(array.elements(), j);
          }
        }
      } else if (column instanceof Column.Vectors vectors) {
        if (batch.fields().get(i).type() == FieldType.FLOAT_VECTOR) {
          markVectors(vectors, insert);
        }
      } else if (isFloat(column)) {
        for (int row = 0; row < insert.length; row++) {
          insert[row] |= notFinite(column, row);
        }
      }
    }
    return insert;
  }

  private static boolean isFloat(Column column) {
    return column instanceof Column.Float32 || column instanceof Column.Float64;
  }

  private static boolean notFinite(Column column, int index) {
    return (column instanceof Column.Float32 floats && !Float.isFinite(floats.values()[index]))
        || (column instanceof Column.Float64 doubles && !Double.isFinite(doubles.values()[index]));
  }

  /**
   * A float is not finite where all eight bits of its exponent are set: the low seven of its last
   * byte and the high one of the byte before.
   */
  private static void markVectors(Column.Vectors vectors, boolean[] insert) {
    byte[] bytes = vectors.bytes().array();
    int at = vectors.bytes().arrayOffset();
    for (int row = 0; row < insert.length; row++) {
      boolean finite = true;
      for (int end = at + vectors.bytesPerRow(); at < end; at += Float.BYTES) {
        finite &= (bytes[at + 3] & 0x7f) != 0x7f || bytes[at + 2] >= 0;
      }
      insert[row] |= !finite;
    }
  }
}
