package io.milvusferry.parity;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.SparseVectors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Single vectors of a column as numbers. */
final class VectorReader {
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

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
          numbers[i] = sixteen(type, all.get(row * numbers.length + i));
        }
      }
    }
  }

  /**
   * Lays some numbers of some rows side by side: into each array one number of all these rows.
   *
   * @param from the first of {@code rows} rows
   * @param first the first of {@code numbers} numbers of each row
   */
  static void lay(
      FieldType type,
      Column.Vectors vectors,
      int from,
      int rows,
      int first,
      int numbers,
      float[][] laid) {
    int bytes = elementBytes(type);
    int width = vectors.bytesPerRow();
    byte[] all = vectors.bytes().array();
    int start = vectors.bytes().arrayOffset() + from * width + first * bytes;
    int alone = 0;
    if (type == FieldType.FLOAT_VECTOR) {
      for (; alone + 3 < numbers; alone += 4) {
        layFloats(all, start + alone * bytes, width, rows, alone, laid);
      }
    }
    for (int i = alone; i < numbers; i++) {
      int at = start + i * bytes;
      float[] into = laid[i];
      switch (type) {
        case FLOAT_VECTOR -> {
          for (int row = 0; row < rows; row++, at += width) {
            into[row] = (float) FLOATS.get(all, at);
          }
        }
        case INT8_VECTOR -> {
          for (int row = 0; row < rows; row++, at += width) {
            into[row] = all[at];
          }
        }
        default -> {
          for (int row = 0; row < rows; row++, at += width) {
            into[row] = sixteen(type, (short) ((all[at] & 0xff) | (all[at + 1] << 8)));
          }
        }
      }
    }
  }

  /** Four numbers in each turn, as rows lie so far apart that each is a wait for memory. */
  private static void layFloats(
      byte[] all, int start, int width, int rows, int first, float[][] laid) {
    float[] a = laid[first];
    float[] b = laid[first + 1];
    float[] c = laid[first + 2];
    float[] d = laid[first + 3];
    int at = start;
    for (int row = 0; row < rows; row++, at += width) {
      a[row] = (float) FLOATS.get(all, at);
      b[row] = (float) FLOATS.get(all, at + 4);
      c[row] = (float) FLOATS.get(all, at + 8);
      d[row] = (float) FLOATS.get(all, at + 12);
    }
  }

  private static int elementBytes(FieldType type) {
    return switch (type) {
      case FLOAT_VECTOR -> Float.BYTES;
      case INT8_VECTOR -> 1;
      default -> Short.BYTES;
    };
  }

  private static float sixteen(FieldType type, short bits) {
    return type == FieldType.BFLOAT16_VECTOR ? Float.intBitsToFloat(bits << 16) : half(bits);
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
