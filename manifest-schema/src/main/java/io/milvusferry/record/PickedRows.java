package io.milvusferry.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Rows that are picked from several batches or columns of the same fields, in any order. */
public final class PickedRows {
  private final int[] from;
  private final int[] rows;

  private PickedRows(int[] from, int[] rows) {
    this.from = from;
    this.rows = rows;
  }

  /**
   * A batch of its own with these rows.
   *
   * @param from for each row, the place of its batch among {@code batches}
   * @param rows for each row, its place in that batch
   */
  public static RecordBatch of(List<RecordBatch> batches, int[] from, int[] rows) {
    PickedRows picked = new PickedRows(from, rows);
    RecordBatch first = batches.get(0);
    List<Column> columns = new ArrayList<>(first.columns().size());
    for (int i = 0; i < first.columns().size(); i++) {
      int field = i;
      columns.add(picked.of(batches.stream().map(batch -> batch.columns().get(field)).toList()));
    }
    return new RecordBatch(first.fields(), columns, rows.length);
  }

  private Column of(List<Column> columns) {
    if (columns.stream().anyMatch(Column.Nullable.class::isInstance)) {
      return nullable(columns);
    }
    Column first = columns.get(0);
    if (first instanceof Column.Vectors vectors) {
      return vectors(columns, vectors.bytesPerRow());
    }
    if (first instanceof Column.Bytes) {
      return texts(columns);
    }
    if (first instanceof Column.Array) {
      PickedRows elements = elements(columns, column -> ((Column.Array) column).offsets());
      return new Column.Array(
          offsets(columns, column -> ((Column.Array) column).offsets()),
          elements.of(columns.stream().map(c -> ((Column.Array) c).elements()).toList()));
    }
    if (first instanceof Column.Structs structs) {
      return structs(columns, structs.members().size());
    }
    return scalars(columns);
  }

  private Column scalars(List<Column> columns) {
    int count = rows.length;
    Column first = columns.get(0);
    if (first instanceof Column.Bool) {
      boolean[] values = new boolean[count];
      for (int i = 0; i < count; i++) {
        values[i] = ((Column.Bool) columns.get(from[i])).values()[rows[i]];
      }
      return new Column.Bool(values);
    }
    if (first instanceof Column.Int32) {
      int[] values = new int[count];
      for (int i = 0; i < count; i++) {
        values[i] = ((Column.Int32) columns.get(from[i])).values()[rows[i]];
      }
      return new Column.Int32(values);
    }
    if (first instanceof Column.Int64) {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = ((Column.Int64) columns.get(from[i])).values()[rows[i]];
      }
      return new Column.Int64(values);
    }
    if (first instanceof Column.Float32) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = ((Column.Float32) columns.get(from[i])).values()[rows[i]];
      }
      return new Column.Float32(values);
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = ((Column.Float64) columns.get(from[i])).values()[rows[i]];
    }
    return new Column.Float64(values);
  }

  private Column vectors(List<Column> columns, int width) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(rows.length, width));
    for (int i = 0; i < rows.length; i++) {
      bytes.put(i * width, ((Column.Vectors) columns.get(from[i])).bytes(), rows[i] * width, width);
    }
    return new Column.Vectors(width, bytes);
  }

  private Column texts(List<Column> columns) {
    int[] offsets = offsets(columns, column -> ((Column.Bytes) column).offsets());
    byte[] bytes = new byte[offsets[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      Column.Bytes texts = (Column.Bytes) columns.get(from[i]);
      System.arraycopy(
          texts.bytes(), texts.offsets()[rows[i]], bytes, offsets[i], texts.length(rows[i]));
    }
    return new Column.Bytes(offsets, bytes);
  }

  private Column structs(List<Column> columns, int count) {
    PickedRows elements = elements(columns, column -> ((Column.Structs) column).offsets());
    List<Column> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int member = i;
      members.add(
          elements.of(
              columns.stream().map(c -> ((Column.Structs) c).members().get(member)).toList()));
    }
    return new Column.Structs(
        offsets(columns, column -> ((Column.Structs) column).offsets()), members);
  }

  private Column nullable(List<Column> columns) {
    boolean[] valid = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      valid[i] = !columns.get(from[i]).isNull(rows[i]);
    }
    return Column.nullable(valid, of(columns.stream().map(Column::filled).toList()));
  }

  private int[] offsets(List<Column> columns, Function<Column, int[]> positions) {
    int[] offsets = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      int[] own = positions.apply(columns.get(from[i]));
      offsets[i + 1] = Math.addExact(offsets[i], own[rows[i] + 1] - own[rows[i]]);
    }
    return offsets;
  }

  /** The elements of the picked rows, row after row. */
  private PickedRows elements(List<Column> columns, Function<Column, int[]> positions) {
    int[] offsets = offsets(columns, positions);
    int[] sources = new int[offsets[rows.length]];
    int[] elements = new int[offsets[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      int first = positions.apply(columns.get(from[i]))[rows[i]];
      for (int j = offsets[i]; j < offsets[i + 1]; j++) {
        sources[j] = from[i];
        elements[j] = first + j - offsets[i];
      }
    }
    return new PickedRows(sources, elements);
  }
}
