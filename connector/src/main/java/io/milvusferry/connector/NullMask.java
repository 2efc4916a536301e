package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.FieldData;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Blanks;
import io.milvusferry.record.Column;
import java.util.List;

/** Which rows of a field have a value, as servers say it. */
final class NullMask {
  /**
   * {@code valid_data} of a ScalarField and of a VectorField, where servers from 3.0 on have it.
   */
  private static final int OF_SCALARS = 17;

  private static final int OF_VECTORS = 9;

  private NullMask() {}

  /** For each row whether it has a value; empty if all have one. */
  static boolean[] of(FieldData data) {
    boolean[] nested =
        data.hasVectors()
            ? nested(data.getVectors().getUnknownFields(), OF_VECTORS)
            : nested(data.getScalars().getUnknownFields(), OF_SCALARS);
    if (nested.length > 0) {
      return nested;
    }
    boolean[] valid = new boolean[data.getValidDataCount()];
    for (int i = 0; i < valid.length; i++) {
      valid[i] = data.getValidData(i);
    }
    return valid;
  }

  /** A list of bools, packed or one by one. */
  private static boolean[] nested(UnknownFieldSet fields, int number) {
    if (!fields.hasField(number)) {
      return new boolean[0];
    }
    ByteString packed = ByteString.copyFrom(fields.getField(number).getLengthDelimitedList());
    List<Long> single = fields.getField(number).getVarintList();
    boolean[] valid = new boolean[packed.size() + single.size()];
    for (int i = 0; i < valid.length; i++) {
      valid[i] = i < packed.size() ? packed.byteAt(i) != 0 : single.get(i - packed.size()) != 0;
    }
    return valid;
  }

  static int count(boolean[] valid) {
    int count = 0;
    for (boolean there : valid) {
      count += there ? 1 : 0;
    }
    return count;
  }

  /** The rows that have a value. */
  static int[] rows(boolean[] valid) {
    int[] rows = new int[count(valid)];
    for (int row = 0, i = 0; row < valid.length; row++) {
      if (valid[row]) {
        rows[i++] = row;
      }
    }
    return rows;
  }

  /** Values of the valid rows alone, spread over all rows: a null repeats what stands before. */
  static Column spread(boolean[] valid, Column values, FieldSpec field) {
    if (values.rows() == 0) {
      return Blanks.of(field, valid.length);
    }
    int[] from = new int[valid.length];
    int next = 0;
    for (int row = 0; row < valid.length; row++) {
      next += valid[row] ? 1 : 0;
      from[row] = Math.max(0, next - 1);
    }
    return values.select(from);
  }
}
