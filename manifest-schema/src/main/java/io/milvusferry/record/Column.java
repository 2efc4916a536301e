package io.milvusferry.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The values of one field for some rows, in one contiguous primitive buffer; nothing is boxed per
 * row or element. Whoever makes a column gives up its arrays: nobody changes them afterwards.
 */
@SuppressWarnings("ArrayRecordComponent")
public sealed interface Column {
  int rows();

  /** The values at these rows, in this order, in a buffer of their own. */
  Column select(int[] rows);

  /** The values of the rows from {@code from} up to, but not including, {@code to}. */
  Column slice(int from, int to);

  /** Bytes of memory that the values take, without object headers. */
  long byteSize();

  /** Whether the row has no value. */
  default boolean isNull(int row) {
    return false;
  }

  /** The same rows without the nulls: what stands in their places has no meaning. */
  default Column filled() {
    return this;
  }

  /** These values, where a row is null that is not valid; the values themselves if all are. */
  static Column nullable(boolean[] valid, Column values) {
    for (boolean there : valid) {
      if (!there) {
        return new Nullable(valid, values);
      }
    }
    return values;
  }

  /** BOOL. */
  record Bool(boolean[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Column select(int[] rows) {
      boolean[] selected = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        selected[i] = values[rows[i]];
      }
      return new Bool(selected);
    }

    @Override
    public Column slice(int from, int to) {
      return new Bool(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public long byteSize() {
      return values.length;
    }
  }

  /** INT8, INT16 and INT32. */
  record Int32(int[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Column select(int[] rows) {
      return new Int32(Arrays.stream(rows).map(row -> values[row]).toArray());
    }

    @Override
    public Column slice(int from, int to) {
      return new Int32(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public long byteSize() {
      return 4L * values.length;
    }
  }

  /** INT64, and TIMESTAMPTZ in microseconds since 1970 in UTC. */
  record Int64(long[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Column select(int[] rows) {
      return new Int64(Arrays.stream(rows).mapToLong(row -> values[row]).toArray());
    }

    @Override
    public Column slice(int from, int to) {
      return new Int64(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public long byteSize() {
      return 8L * values.length;
    }
  }

  /** FLOAT. Bits are kept, also of NaN. */
  record Float32(float[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Column select(int[] rows) {
      float[] selected = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        selected[i] = values[rows[i]];
      }
      return new Float32(selected);
    }

    @Override
    public Column slice(int from, int to) {
      return new Float32(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public long byteSize() {
      return 4L * values.length;
    }
  }

  /** DOUBLE. Bits are kept, also of NaN. */
  record Float64(double[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Column select(int[] rows) {
      return new Float64(Arrays.stream(rows).mapToDouble(row -> values[row]).toArray());
    }

    @Override
    public Column slice(int from, int to) {
      return new Float64(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public long byteSize() {
      return 8L * values.length;
    }
  }

  /**
   * VARCHAR, TEXT, JSON and GEOMETRY: UTF-8 bytes, one after the other. SPARSE_FLOAT_VECTOR: for
   * each element a 32-bit index, as an unsigned number, and a 32-bit float, both little-endian, by
   * ascending index.
   *
   * @param offsets {@code rows + 1} positions in {@code bytes}; row {@code i} lies from {@code
   *     offsets[i]} to {@code offsets[i + 1]}; the first is 0
   */
  record Bytes(int[] offsets, byte[] bytes) implements Column {
    @Override
    public int rows() {
      return offsets.length - 1;
    }

    public int length(int row) {
      return offsets[row + 1] - offsets[row];
    }

    /** A copy of the bytes of one row. */
    public byte[] get(int row) {
      return Arrays.copyOfRange(bytes, offsets[row], offsets[row + 1]);
    }

    @Override
    public Column select(int[] rows) {
      int[] positions = Offsets.of(offsets, rows);
      byte[] selected = new byte[positions[rows.length]];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(bytes, offsets[rows[i]], selected, positions[i], length(rows[i]));
      }
      return new Bytes(positions, selected);
    }

    @Override
    public Column slice(int from, int to) {
      return new Bytes(
          Offsets.slice(offsets, from, to), Arrays.copyOfRange(bytes, offsets[from], offsets[to]));
    }

    @Override
    public long byteSize() {
      return bytes.length + 4L * offsets.length;
    }
  }

  /**
   * ARRAY: the elements of all rows, one after the other.
   *
   * @param offsets {@code rows + 1} positions among the elements, the first is 0
   */
  record Array(int[] offsets, Column elements) implements Column {
    @Override
    public int rows() {
      return offsets.length - 1;
    }

    public int length(int row) {
      return offsets[row + 1] - offsets[row];
    }

    @Override
    public Column select(int[] rows) {
      return new Array(Offsets.of(offsets, rows), elements.select(Offsets.elements(offsets, rows)));
    }

    @Override
    public Column slice(int from, int to) {
      return new Array(
          Offsets.slice(offsets, from, to), elements.slice(offsets[from], offsets[to]));
    }

    @Override
    public long byteSize() {
      return elements.byteSize() + 4L * offsets.length;
    }
  }

  /**
   * STRUCT_ARRAY: the structs of all rows, one after the other.
   *
   * @param offsets {@code rows + 1} positions among the structs, the first is 0
   * @param members one column for each member, in the order of the field's members; each has one
   *     value for each struct, and no nulls
   */
  record Structs(int[] offsets, List<Column> members) implements Column {
    public Structs {
      members = List.copyOf(members);
      int structs = offsets[offsets.length - 1];
      for (Column member : members) {
        if (member.rows() != structs || member instanceof Nullable) {
          throw new IllegalArgumentException(
              "a member of %d structs has %d values, or nulls".formatted(structs, member.rows()));
        }
      }
    }

    @Override
    public int rows() {
      return offsets.length - 1;
    }

    public int length(int row) {
      return offsets[row + 1] - offsets[row];
    }

    @Override
    public Column select(int[] rows) {
      int[] wanted = Offsets.elements(offsets, rows);
      return new Structs(
          Offsets.of(offsets, rows),
          members.stream().map(member -> member.select(wanted)).toList());
    }

    @Override
    public Column slice(int from, int to) {
      return new Structs(
          Offsets.slice(offsets, from, to),
          members.stream().map(member -> member.slice(offsets[from], offsets[to])).toList());
    }

    @Override
    public long byteSize() {
      return members.stream().mapToLong(Column::byteSize).sum() + 4L * offsets.length;
    }
  }

  /**
   * Dense vectors as they lie on the wire: little-endian elements, row after row.
   *
   * @param bytesPerRow length of one vector
   * @param bytes backed by an array; position 0, limit {@code rows * bytesPerRow}; read it by
   *     absolute index only
   */
  record Vectors(int bytesPerRow, ByteBuffer bytes) implements Column {
    public Vectors {
      if (bytesPerRow < 1
          || bytes.position() != 0
          || bytes.limit() % bytesPerRow != 0
          || !bytes.hasArray()) {
        throw new IllegalArgumentException(
            "%s does not hold whole vectors of %d bytes".formatted(bytes, bytesPerRow));
      }
    }

    @Override
    public int rows() {
      return bytes.limit() / bytesPerRow;
    }

    @Override
    public Column select(int[] rows) {
      ByteBuffer selected = ByteBuffer.allocate(Math.multiplyExact(rows.length, bytesPerRow));
      for (int i = 0; i < rows.length; i++) {
        selected.put(i * bytesPerRow, bytes, rows[i] * bytesPerRow, bytesPerRow);
      }
      return new Vectors(bytesPerRow, selected);
    }

    /** These share the bytes. */
    @Override
    public Column slice(int from, int to) {
      return new Vectors(
          bytesPerRow, bytes.slice(from * bytesPerRow, Math.multiplyExact(to - from, bytesPerRow)));
    }

    @Override
    public long byteSize() {
      return bytes.limit();
    }
  }

  /**
   * A field with nulls.
   *
   * @param valid false for each row that is null, at least one
   * @param values as many rows; what stands at a null has no meaning
   */
  record Nullable(boolean[] valid, Column values) implements Column {
    public Nullable {
      if (valid.length != values.rows() || values instanceof Nullable) {
        throw new IllegalArgumentException(
            "%d rows may be null, of %s".formatted(valid.length, values));
      }
    }

    @Override
    public int rows() {
      return valid.length;
    }

    @Override
    public boolean isNull(int row) {
      return !valid[row];
    }

    @Override
    public Column filled() {
      return values;
    }

    @Override
    public Column select(int[] rows) {
      boolean[] selected = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        selected[i] = valid[rows[i]];
      }
      return nullable(selected, values.select(rows));
    }

    @Override
    public Column slice(int from, int to) {
      return nullable(Arrays.copyOfRange(valid, from, to), values.slice(from, to));
    }

    @Override
    public long byteSize() {
      return valid.length + values.byteSize();
    }
  }
}
