package io.milvusferry.record;

import io.milvusferry.manifest.FieldType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Values as people read them in a finding. */
final class ValueText {
  private static final int LONGEST = 60;

  private ValueText() {}

  /**
   * The value at a row; of a vector, only the first element that is not the same in another one.
   */
  static String of(FieldType type, Column column, int row, Column other, int otherRow) {
    if (column.isNull(row)) {
      return "null";
    }
    if (column.filled() instanceof Column.Vectors one
        && other.filled() instanceof Column.Vectors two
        && !other.isNull(otherRow)) {
      return vector(type, one, row, two, otherRow);
    }
    String text = value(type, column.filled(), row);
    return text.length() <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST) - 1)) + "…";
  }

  private static String value(FieldType type, Column column, int row) {
    if (type == FieldType.SPARSE_FLOAT_VECTOR) {
      return sparse((Column.Bytes) column, row);
    } else if (type == FieldType.TIMESTAMPTZ) {
      return Timestamps.format(((Column.Int64) column).values()[row]);
    }
    return value(column, row);
  }

  private static String sparse(Column.Bytes vectors, int row) {
    StringBuilder text = new StringBuilder("{");
    int end = vectors.offsets()[row + 1];
    for (int at = vectors.offsets()[row];
        at < end && text.length() <= LONGEST;
        at += SparseVectors.ELEMENT_BYTES) {
      text.append(text.length() > 1 ? ", " : "")
          .append(Integer.toUnsignedString(SparseVectors.index(vectors.bytes(), at)))
          .append(": ")
          .append(Float.intBitsToFloat(SparseVectors.valueBits(vectors.bytes(), at)));
    }
    return text.append('}').toString();
  }

  private static String value(Column column, int row) {
    if (column instanceof Column.Bytes texts) {
      int length = Math.min(texts.length(row), 4 * LONGEST);
      return "'"
          + new String(texts.bytes(), texts.offsets()[row], length, StandardCharsets.UTF_8)
          + "'";
    } else if (column instanceof Column.Int64 numbers) {
      return Long.toString(numbers.values()[row]);
    } else if (column instanceof Column.Int32 numbers) {
      return Integer.toString(numbers.values()[row]);
    } else if (column instanceof Column.Float32 numbers) {
      return Float.toString(numbers.values()[row]);
    } else if (column instanceof Column.Float64 numbers) {
      return Double.toString(numbers.values()[row]);
    } else if (column instanceof Column.Bool flags) {
      return Boolean.toString(flags.values()[row]);
    } else if (column instanceof Column.Array array) {
      return array(array, row);
    } else if (column instanceof Column.Structs structs) {
      return structs.length(row) + " structs";
    } else {
      return ((Column.Vectors) column).bytesPerRow() + " bytes";
    }
  }

  private static String array(Column.Array array, int row) {
    StringBuilder text = new StringBuilder("[");
    int end = array.offsets()[row + 1];
    for (int i = array.offsets()[row]; i < end && text.length() <= LONGEST; i++) {
      text.append(text.length() > 1 ? ", " : "").append(value(array.elements(), i));
    }
    return text.append(']').toString();
  }

  private static String vector(
      FieldType type, Column.Vectors one, int row, Column.Vectors two, int otherRow) {
    int length = one.bytesPerRow();
    if (two.bytesPerRow() != length) {
      return length + " bytes";
    }
    int start = one.bytes().arrayOffset() + row * length;
    int otherStart = two.bytes().arrayOffset() + otherRow * length;
    int index =
        Arrays.mismatch(
            one.bytes().array(),
            start,
            start + length,
            two.bytes().array(),
            otherStart,
            otherStart + length);
    if (type == FieldType.FLOAT_VECTOR) {
      int bits =
          one.bytes()
              .duplicate()
              .order(ByteOrder.LITTLE_ENDIAN)
              .getInt(row * length + (index & ~3));
      return "[%d] = %s".formatted(index / 4, Float.intBitsToFloat(bits));
    }
    return "byte %d = 0x%02x".formatted(index, one.bytes().get(row * length + index));
  }
}
