package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;

/** The values of one payload, which gather in an array of the right size. */
abstract class PayloadValues {
  private final int rows;
  private int filled;

  private PayloadValues(int rows) {
    this.rows = rows;
  }

  /**
   * @param rows how many values there will be
   */
  static PayloadValues of(FieldSpec field, int rows) {
    return switch (field.type()) {
      case BOOL -> bools(rows);
      case INT8 -> ints(rows, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case INT16 -> ints(rows, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> ints(rows, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> longs(rows);
      case FLOAT -> floats(rows);
      case DOUBLE -> doubles(rows);
      case VARCHAR, JSON, ARRAY -> new Texts(rows);
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR -> new Vectors(field.vectorBytes(), rows);
      default -> throw new IllegalArgumentException("no payload holds " + field.type());
    };
  }

  /** Appends the next {@code count} values of a page. */
  final void add(ValuesReader page, int count) throws IOException {
    requireRoom(count);
    for (int i = 0; i < count; i++) {
      set(filled + i, page);
    }
    filled += count;
  }

  /** Whether a page without any encoding is what lies in the array. */
  boolean takesPlain() {
    return false;
  }

  /** Appends a page of so many values as it is. */
  final void addPlain(ByteBufferInputStream page, int count) throws IOException {
    requireRoom(count);
    copy(filled, page, count);
    filled += count;
  }

  /** All values as a column. */
  final Column take() throws IOException {
    if (filled != rows) {
      throw new IOException("it has %d values where %d were said to be".formatted(filled, rows));
    }
    return column();
  }

  private void requireRoom(int count) throws IOException {
    if (count < 0 || count > rows - filled) {
      throw new IOException("it has more than the %d values that it says".formatted(rows));
    }
  }

  abstract void set(int index, ValuesReader page) throws IOException;

  void copy(int index, ByteBufferInputStream page, int count) throws IOException {
    throw new UnsupportedOperationException("pages of these values are decoded");
  }

  abstract Column column();

  private static PayloadValues bools(int rows) {
    boolean[] values = new boolean[rows];
    return new PayloadValues(rows) {
      @Override
      void set(int index, ValuesReader page) {
        values[index] = page.readBoolean();
      }

      @Override
      Column column() {
        return new Column.Bool(values);
      }
    };
  }

  private static PayloadValues ints(int rows, int least, int greatest) {
    int[] values = new int[rows];
    return new PayloadValues(rows) {
      @Override
      void set(int index, ValuesReader page) throws IOException {
        int value = page.readInteger();
        if (value < least || value > greatest) {
          throw new IOException("%d is not between %d and %d".formatted(value, least, greatest));
        }
        values[index] = value;
      }

      @Override
      Column column() {
        return new Column.Int32(values);
      }
    };
  }

  private static PayloadValues longs(int rows) {
    long[] values = new long[rows];
    return new PayloadValues(rows) {
      @Override
      void set(int index, ValuesReader page) {
        values[index] = page.readLong();
      }

      @Override
      Column column() {
        return new Column.Int64(values);
      }
    };
  }

  private static PayloadValues floats(int rows) {
    float[] values = new float[rows];
    return new PayloadValues(rows) {
      @Override
      void set(int index, ValuesReader page) {
        values[index] = page.readFloat();
      }

      @Override
      Column column() {
        return new Column.Float32(values);
      }
    };
  }

  private static PayloadValues doubles(int rows) {
    double[] values = new double[rows];
    return new PayloadValues(rows) {
      @Override
      void set(int index, ValuesReader page) {
        double value = page.readDouble();
        // Queries do not keep the bits of a NaN either: there is one, as in Java.
        values[index] = Double.isNaN(value) ? Double.NaN : value;
      }

      @Override
      Column column() {
        return new Column.Float64(values);
      }
    };
  }

  private static final class Texts extends PayloadValues {
    private static final int FIRST = 16;

    private final int[] offsets;
    private byte[] bytes;

    Texts(int rows) {
      super(rows);
      offsets = new int[rows + 1];
      bytes = new byte[Math.multiplyExact(FIRST, rows)];
    }

    @Override
    void set(int index, ValuesReader page) {
      Binary value = page.readBytes();
      int start = offsets[index];
      int end = Math.addExact(start, value.length());
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, RowBuffer.grown(bytes.length, end));
      }
      ByteBuffer from = value.toByteBuffer();
      from.get(from.position(), bytes, start, value.length());
      offsets[index + 1] = end;
    }

    @Override
    Column column() {
      return new Column.Bytes(offsets, Arrays.copyOf(bytes, offsets[offsets.length - 1]));
    }
  }

  private static final class Vectors extends PayloadValues {
    private final int width;
    private final byte[] bytes;

    Vectors(int width, int rows) {
      super(rows);
      this.width = width;
      bytes = new byte[Math.multiplyExact(width, rows)];
    }

    @Override
    boolean takesPlain() {
      return true;
    }

    @Override
    void copy(int index, ByteBufferInputStream page, int count) throws IOException {
      int wanted = count * width;
      if (page.available() < wanted || page.readNBytes(bytes, index * width, wanted) != wanted) {
        throw new IOException("a page of %d vectors ends early".formatted(count));
      }
    }

    @Override
    void set(int index, ValuesReader page) throws IOException {
      Binary value = page.readBytes();
      if (value.length() != width) {
        throw new IOException("a vector has %d bytes, not %d".formatted(value.length(), width));
      }
      ByteBuffer from = value.toByteBuffer();
      from.get(from.position(), bytes, index * width, width);
    }

    @Override
    Column column() {
      return new Column.Vectors(width, ByteBuffer.wrap(bytes));
    }
  }
}
