package io.milvusferry.exporter.segment;

import io.milvusferry.record.Column;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A column in a scratch file: its kind (i8), its length (i32), and then its values, all big-endian
 * but for vectors, which are as they lie on the wire. Nullable columns and structs have none.
 */
final class SpilledColumn {
  private static final int BOOL = 0;
  private static final int INT32 = 1;
  private static final int INT64 = 2;
  private static final int FLOAT32 = 3;
  private static final int FLOAT64 = 4;
  private static final int BYTES = 5;
  private static final int ARRAY = 6;
  private static final int VECTORS = 7;

  private SpilledColumn() {}

  /** Writes a column. */
  static void write(Column column, DataOutputStream out) throws IOException {
    if (column instanceof Column.Bool flags) {
      begin(BOOL, flags.rows(), out);
      for (boolean flag : flags.values()) {
        out.writeBoolean(flag);
      }
    } else if (column instanceof Column.Int32 numbers) {
      begin(INT32, numbers.rows(), out);
      write(numbers.values(), out);
    } else if (column instanceof Column.Int64 numbers) {
      begin(INT64, numbers.rows(), out);
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * numbers.rows());
      bytes.asLongBuffer().put(numbers.values());
      out.write(bytes.array());
    } else if (column instanceof Column.Float32 numbers) {
      begin(FLOAT32, numbers.rows(), out);
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * numbers.rows());
      bytes.asFloatBuffer().put(numbers.values());
      out.write(bytes.array());
    } else if (column instanceof Column.Float64 numbers) {
      begin(FLOAT64, numbers.rows(), out);
      ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * numbers.rows());
      bytes.asDoubleBuffer().put(numbers.values());
      out.write(bytes.array());
    } else if (column instanceof Column.Bytes texts) {
      begin(BYTES, texts.rows(), out);
      write(texts.offsets(), out);
      out.write(texts.bytes(), 0, texts.offsets()[texts.rows()]);
    } else if (column instanceof Column.Array arrays) {
      begin(ARRAY, arrays.rows(), out);
      write(arrays.offsets(), out);
      write(arrays.elements(), out);
    } else if (column instanceof Column.Vectors vectors) {
      begin(VECTORS, vectors.bytes().limit(), out);
      out.writeInt(vectors.bytesPerRow());
      ByteBuffer bytes = vectors.bytes();
      out.write(bytes.array(), bytes.arrayOffset(), bytes.limit());
    } else {
      throw new IllegalArgumentException("no segment file is read into " + column.getClass());
    }
  }

  private static void begin(int kind, int length, DataOutputStream out) throws IOException {
    out.writeByte(kind);
    out.writeInt(length);
  }

  private static void write(int[] values, DataOutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length);
    bytes.asIntBuffer().put(values);
    out.write(bytes.array());
  }

  /** Reads the column at the position of a buffer, which is behind it then. */
  static Column read(ByteBuffer in) {
    int kind = in.get();
    int length = in.getInt();
    return switch (kind) {
      case BOOL -> bool(in, length);
      case INT32 -> new Column.Int32(ints(in, length));
      case INT64 -> int64(in, length);
      case FLOAT32 -> float32(in, length);
      case FLOAT64 -> float64(in, length);
      case BYTES -> bytes(in, length);
      case ARRAY -> new Column.Array(ints(in, length + 1), read(in));
      case VECTORS -> new Column.Vectors(in.getInt(), ByteBuffer.wrap(raw(in, length)));
      default -> throw new IllegalStateException("a scratch file has a column of kind " + kind);
    };
  }

  private static Column bool(ByteBuffer in, int rows) {
    boolean[] values = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = in.get() != 0;
    }
    return new Column.Bool(values);
  }

  private static Column int64(ByteBuffer in, int rows) {
    long[] values = new long[rows];
    in.asLongBuffer().get(values);
    in.position(in.position() + Long.BYTES * rows);
    return new Column.Int64(values);
  }

  private static Column float32(ByteBuffer in, int rows) {
    float[] values = new float[rows];
    in.asFloatBuffer().get(values);
    in.position(in.position() + Float.BYTES * rows);
    return new Column.Float32(values);
  }

  private static Column float64(ByteBuffer in, int rows) {
    double[] values = new double[rows];
    in.asDoubleBuffer().get(values);
    in.position(in.position() + Double.BYTES * rows);
    return new Column.Float64(values);
  }

  private static Column bytes(ByteBuffer in, int rows) {
    int[] offsets = ints(in, rows + 1);
    return new Column.Bytes(offsets, raw(in, offsets[rows]));
  }

  private static int[] ints(ByteBuffer in, int count) {
    int[] values = new int[count];
    in.asIntBuffer().get(values);
    in.position(in.position() + Integer.BYTES * count);
    return values;
  }

  private static byte[] raw(ByteBuffer in, int count) {
    byte[] values = new byte[count];
    in.get(values);
    return values;
  }
}
