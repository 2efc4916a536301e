package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the rows that no Parquet import takes: one NaN or infinite number fails the whole import of
 * a file, though the server takes such rows by insert.
 */
final class LaneSplit {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** All exponent bits of a float: set in NaN and the infinities alone. */
  private static final int EXPONENT = 0x7f80_0000;

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

  private static void markVectors(Column.Vectors vectors, boolean[] insert) {
    byte[] bytes = vectors.bytes().array();
    int at = vectors.bytes().arrayOffset();
    for (int row = 0; row < insert.length; row++) {
      boolean finite = true;
      for (int end = at + vectors.bytesPerRow(); at < end; at += Integer.BYTES) {
        finite &= ((int) INTS.get(bytes, at) & EXPONENT) != EXPONENT;
      }
      insert[row] |= !finite;
    }
  }
}
