package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;

/** A column that grows value by value as it is read, in one contiguous primitive buffer. */
abstract class ValueBuffer {
  private static final int FIRST = 256;

  /** Values so far. */
  int size;

  /** Appends the current value of {@code in}, and returns the bytes that it takes. */
  abstract int add(ColumnReader in);

  /** The values so far as a column; the buffer is empty afterwards. */
  abstract Column take();

  private static int grown(int length, int needed) {
    return Math.max(Math.max(FIRST, needed), Math.addExact(length, length >> 1));
  }

  static final class Bools extends ValueBuffer {
    private boolean[] values = {};

    @Override
    int add(ColumnReader in) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
      values[size++] = in.getBoolean();
      return 1;
    }

    @Override
    Column take() {
      Column column = new Column.Bool(Arrays.copyOf(values, size));
      size = 0;
      return column;
    }
  }

  /** INT8, INT16 and INT32: a value outside of the bounds is damage. */
  static final class Ints extends ValueBuffer {
    private final int least;
    private final int greatest;
    private int[] values = {};

    Ints(int least, int greatest) {
      this.least = least;
      this.greatest = greatest;
    }

    @Override
    int add(ColumnReader in) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
      int value = in.getInteger();
      if (value < least || value > greatest) {
        throw new DamagedPartException(
            "%d is not between %d and %d".formatted(value, least, greatest));
      }
      values[size++] = value;
      return Integer.BYTES;
    }

    @Override
    Column take() {
      Column column = new Column.Int32(Arrays.copyOf(values, size));
      size = 0;
      return column;
    }
  }

  static final class Longs extends ValueBuffer {
    private long[] values = {};

    @Override
    int add(ColumnReader in) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
      values[size++] = in.getLong();
      return Long.BYTES;
    }

    @Override
    Column take() {
      Column column = new Column.Int64(Arrays.copyOf(values, size));
      size = 0;
      return column;
    }
  }

  static final class Floats extends ValueBuffer {
    private float[] values = {};

    @Override
    int add(ColumnReader in) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
      values[size++] = in.getFloat();
      return Float.BYTES;
    }

    @Override
    Column take() {
      Column column = new Column.Float32(Arrays.copyOf(values, size));
      size = 0;
      return column;
    }
  }

  static final class Doubles extends ValueBuffer {
    private double[] values = {};

    @Override
    int add(ColumnReader in) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
      values[size++] = in.getDouble();
      return Double.BYTES;
    }

    @Override
    Column take() {
      Column column = new Column.Float64(Arrays.copyOf(values, size));
      size = 0;
      return column;
    }
  }

  /** VARCHAR and JSON. */
  static final class Texts extends ValueBuffer {
    private int[] offsets = new int[1];
    private byte[] bytes = {};

    @Override
    int add(ColumnReader in) {
      Binary value = in.getBinary();
      int length = value.length();
      int end = offsets[size];
      if (length > bytes.length - end) {
        bytes = Arrays.copyOf(bytes, grown(bytes.length, Math.addExact(end, length)));
      }
      ByteBuffer from = value.toByteBuffer();
      from.get(from.position(), bytes, end, length);
      if (size + 1 == offsets.length) {
        offsets = Arrays.copyOf(offsets, grown(offsets.length, size + 2));
      }
      offsets[++size] = end + length;
      return Integer.BYTES + length;
    }

    @Override
    Column take() {
      Column column =
          new Column.Bytes(Arrays.copyOf(offsets, size + 1), Arrays.copyOf(bytes, offsets[size]));
      size = 0;
      return column;
    }
  }
}
