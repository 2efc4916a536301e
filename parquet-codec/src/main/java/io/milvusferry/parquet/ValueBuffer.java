package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import io.milvusferry.record.Timestamps;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
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

  /** Appends what stands in the place of a null. */
  abstract void addPlaceholder();

  /** The values so far as a column; the buffer is empty afterwards. */
  abstract Column take();

  private static int grown(int length, int needed) {
    return RowBuffer.grown(length, Math.max(FIRST, needed));
  }

  static final class Bools extends ValueBuffer {
    private boolean[] values = {};

    private void reserve() {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
    }

    @Override
    void addPlaceholder() {
      reserve();
      values[size++] = false;
    }

    @Override
    int add(ColumnReader in) {
      reserve();
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

    private void reserve() {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
    }

    @Override
    void addPlaceholder() {
      reserve();
      values[size++] = 0;
    }

    @Override
    int add(ColumnReader in) {
      reserve();
      int value = in.getInteger();
      if (value < least || value > greatest) {
        throw new DamagedPartException(
            "has %d, which is not between %d and %d".formatted(value, least, greatest));
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

  /** INT64. */
  static class Longs extends ValueBuffer {
    private long[] values = {};

    final void append(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
      values[size++] = value;
    }

    @Override
    void addPlaceholder() {
      append(0);
    }

    @Override
    int add(ColumnReader in) {
      append(in.getLong());
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

    private void reserve() {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
    }

    @Override
    void addPlaceholder() {
      reserve();
      values[size++] = 0;
    }

    @Override
    int add(ColumnReader in) {
      reserve();
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

    private void reserve() {
      if (size == values.length) {
        values = Arrays.copyOf(values, grown(size, size + 1));
      }
    }

    @Override
    void addPlaceholder() {
      reserve();
      values[size++] = 0;
    }

    @Override
    int add(ColumnReader in) {
      reserve();
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

  /** TIMESTAMPTZ, from its text. */
  static final class Moments extends Longs {
    @Override
    int add(ColumnReader in) {
      String text = in.getBinary().toStringUsingUTF8();
      try {
        append(Timestamps.parse(text));
      } catch (DateTimeException e) {
        throw new DamagedPartException("has '%s', which is no moment".formatted(text));
      }
      return Long.BYTES;
    }
  }

  /** VARCHAR, TEXT, JSON and GEOMETRY. */
  static final class Texts extends ValueBuffer {
    private final RowBuffer rows = new RowBuffer();

    @Override
    void addPlaceholder() {
      rows.end();
      size++;
    }

    @Override
    int add(ColumnReader in) {
      Binary value = in.getBinary();
      int length = value.length();
      int at = rows.reserve(length);
      ByteBuffer from = value.toByteBuffer();
      from.get(from.position(), rows.bytes(), at, length);
      if (!Utf8.valid(rows.bytes(), at, length)) {
        throw new DamagedPartException("has a text that is not UTF-8");
      }
      addPlaceholder();
      return Integer.BYTES + length;
    }

    @Override
    Column take() {
      size = 0;
      return rows.take();
    }
  }
}
