package io.milvusferry.parity;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.SparseVectors;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Single vectors of a column as numbers. */
final class VectorReader {
  private VectorReader() {}

  /** The numbers of one dense vector that is not binary, into {@code numbers}. */
  static void read(FieldType type, Column.Vectors vectors, int row, float[] numbers) {
    switch (type) {
      case FLOAT_VECTOR -> {
        FloatBuffer all =
            vectors.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        all.get(row * numbers.length, numbers);
      }
      case INT8_VECTOR -> {
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = vectors.bytes().get(row * numbers.length + i);
        }
      }
      default -> {
        ShortBuffer all =
            vectors.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        for (int i = 0; i < numbers.length; i++) {
          short bits = all.get(row * numbers.length + i);
          numbers[i] =
              type == FieldType.BFLOAT16_VECTOR ? Float.intBitsToFloat(bits << 16) : half(bits);
        }
      }
    }
  }

  /** A 16-bit float of IEEE 754. */
  static float half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        exponent == 0
            ? fraction * 0x1p-24f
            : exponent == 0x1f
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
    return bits < 0 ? -magnitude : magnitude;
  }

  /** The inner product of two sparse vectors. */
  static double dot(Column.Bytes left, int row, Column.Bytes right, int other) {
    double sum = 0;
    int at = left.offsets()[row];
    int and = right.offsets()[other];
    while (at < left.offsets()[row + 1] && and < right.offsets()[other + 1]) {
      int order =
          Integer.compareUnsigned(
              SparseVectors.index(left.bytes(), at), SparseVectors.index(right.bytes(), and));
      if (order == 0) {
        sum +=
            (double) Float.intBitsToFloat(SparseVectors.valueBits(left.bytes(), at))
                * Float.intBitsToFloat(SparseVectors.valueBits(right.bytes(), and));
      }
      at += order <= 0 ? SparseVectors.ELEMENT_BYTES : 0;
      and += order >= 0 ? SparseVectors.ELEMENT_BYTES : 0;
    }
    return sum;
  }
}
