package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.SparseVectors;

/**
 * Finds the rows that no Parquet import takes as they are, though the server takes them by insert:
 * one NaN or infinite number fails the whole import of a file, and an empty array becomes a null
 * where the field has nulls.
 */
final class LaneSplit {
  private LaneSplit() {}

  /** For each row of the batch whether it must be inserted. */
  static boolean[] insertRows(RecordBatch batch) {
    boolean[] insert = new boolean[batch.rows()];
    for (int i = 0; i < batch.columns().size(); i++) {
      Column column = batch.columns().get(i).filled();
      FieldSpec field = batch.fields().get(i);
      if (column instanceof Column.Array array && field.nullable()) {
        markEmpty(batch.columns().get(i), array, insert);
      }
      if (column instanceof Column.Array array && isFloat(array.elements())) {
        for (int row = 0; row < insert.length; row++) {
          for (int j = array.offsets()[row]; j < array.offsets()[row + 1]; j++) {
            insert[row] |= notFinite(array.elements(), j);
          }
        }
      } else if (column instanceof Column.Vectors vectors) {
        if (field.type() == FieldType.FLOAT_VECTOR) {
          markVectors(vectors, insert);
        }
      } else if (field.type() == FieldType.SPARSE_FLOAT_VECTOR) {
        markSparse((Column.Bytes) column, insert);
      } else if (isFloat(column)) {
        for (int row = 0; row < insert.length; row++) {
          insert[row] |= notFinite(column, row);
        }
      }
    }
    return insert;
  }

  private static void markEmpty(Column nullable, Column.Array array, boolean[] insert) {
    for (int row = 0; row < insert.length; row++) {
      insert[row] |= !nullable.isNull(row) && array.length(row) == 0;
    }
  }

  private static void markSparse(Column.Bytes vectors, boolean[] insert) {
    for (int row = 0; row < insert.length; row++) {
      int end = vectors.offsets()[row + 1];
      for (int at = vectors.offsets()[row]; at < end; at += SparseVectors.ELEMENT_BYTES) {
        int bits = SparseVectors.valueBits(vectors.bytes(), at);
        insert[row] |= !Float.isFinite(Float.intBitsToFloat(bits));
      }
    }
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
