package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.SparseVectors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the rows that no Parquet import takes as they are, though the server takes them by insert:
 * one NaN or infinite number fails the whole import of a file, and an empty array becomes a null
 * where the field has nulls.
 */
final class LaneSplit {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long INT = 0xffff_ffffL;
  private static final long EXPONENTS = 0x7f80_0000_7f80_0000L;
  private static final long ONE_MORE = 0x0080_0000_0080_0000L;
  private static final long SIGNS = 0x8000_0000_8000_0000L;

  private LaneSplit() {}

  /** For each row of the batch whether it must be inserted. */
  static boolean[] insertRows(RecordBatch batch) {
    boolean[] insert = new boolean[batch.rows()];
    for (int i = 0; i < batch.columns().size(); i++) {
      Column column = batch.columns().get(i).filled();
      FieldSpec field = batch.fields().get(i);
      if (column instanceof Column.Array array) {
        if (field.nullable()) {
          markEmpty(batch.columns().get(i), array, insert);
        }
        markElements(array.offsets(), infinite(array.elements()), insert);
      } else if (column instanceof Column.Structs structs) {
        for (int j = 0; j < structs.members().size(); j++) {
          boolean[] marks = infinite(field.members().get(j).type(), structs.members().get(j));
          markElements(structs.offsets(), marks, insert);
        }
      } else {
        boolean[] marks = infinite(field.type(), column);
        for (int row = 0; row < marks.length; row++) {
          insert[row] |= marks[row];
        }
      }
    }
    return insert;
  }

  private static void markElements(int[] offsets, boolean[] marks, boolean[] insert) {
    for (int row = 0; row < insert.length && marks.length > 0; row++) {
      for (int i = offsets[row]; i < offsets[row + 1]; i++) {
        insert[row] |= marks[i];
      }
    }
  }

  /** For each value whether a number in it is NaN or infinite; empty if none can be. */
  private static boolean[] infinite(FieldType type, Column column) {
    if (type == FieldType.FLOAT_VECTOR) {
      boolean[] marks = new boolean[column.rows()];
      markVectors((Column.Vectors) column, marks);
      return marks;
    }
    if (type == FieldType.SPARSE_FLOAT_VECTOR) {
      boolean[] marks = new boolean[column.rows()];
      markSparse((Column.Bytes) column, marks);
      return marks;
    }
    return infinite(column);
  }

  private static boolean[] infinite(Column column) {
    if (!(column instanceof Column.Float32 || column instanceof Column.Float64)) {
      return new boolean[0];
    }
    boolean[] marks = new boolean[column.rows()];
    for (int row = 0; row < marks.length; row++) {
      marks[row] = notFinite(column, row);
    }
    return marks;
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

  private static boolean notFinite(Column column, int index) {
    return (column instanceof Column.Float32 floats && !Float.isFinite(floats.values()[index]))
        || (column instanceof Column.Float64 doubles && !Double.isFinite(doubles.values()[index]));
  }

  /**
   * A float is not finite where all eight bits of its exponent are set. Adding one to them carries
   * into the bit of the sign then, and only then, as that bit was masked; two floats at a time.
   */
  private static void markVectors(Column.Vectors vectors, boolean[] insert) {
    byte[] bytes = vectors.bytes().array();
    int at = vectors.bytes().arrayOffset();
    int pairs = vectors.bytesPerRow() & -Long.BYTES;
    for (int row = 0; row < insert.length; row++) {
      long carries = 0;
      int end = at + pairs;
      for (; at < end; at += Long.BYTES) {
        carries |= ((long) LONGS.get(bytes, at) & EXPONENTS) + ONE_MORE;
      }
      if (pairs < vectors.bytesPerRow()) {
        carries |= ((int) INTS.get(bytes, at) & EXPONENTS & INT) + (ONE_MORE & INT);
        at += Float.BYTES;
      }
      insert[row] |= (carries & SIGNS) != 0;
    }
  }
}
