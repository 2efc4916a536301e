package io.milvusferry.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Puts columns, and batches of the same fields, one after the other. */
public final class Columns {
  private Columns() {}

  /** The rows of all batches, of which there must be at least one, in one batch. */
  public static RecordBatch concat(List<RecordBatch> batches) {
    RecordBatch first = batches.get(0);
    if (batches.size() == 1) {
      return first;
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < first.columns().size(); i++) {
      int field = i;
      columns.add(join(batches.stream().map(batch -> batch.columns().get(field)).toList()));
    }
    return new RecordBatch(
        first.fields(), columns, batches.stream().mapToInt(RecordBatch::rows).sum());
  }

  /** The rows of all columns, of which there must be at least one, in one column. */
  public static Column join(List<Column> parts) {
    if (parts.stream().anyMatch(Column.Nullable.class::isInstance)) {
      return nullable(parts);
    }
    int rows = parts.stream().mapToInt(Column::rows).sum();
    Column first = parts.get(0);
    if (first instanceof Column.Bool) {
      boolean[] values = new boolean[rows];
      copy(parts, part -> ((Column.Bool) part).values(), values);
      return new Column.Bool(values);
    }
    if (first instanceof Column.Int32) {
      int[] values = new int[rows];
      copy(parts, part -> ((Column.Int32) part).values(), values);
      return new Column.Int32(values);
    }
    if (first instanceof Column.Int64) {
      long[] values = new long[rows];
      copy(parts, part -> ((Column.Int64) part).values(), values);
      return new Column.Int64(values);
    }
    if (first instanceof Column.Float32) {
      float[] values = new float[rows];
      copy(parts, part -> ((Column.Float32) part).values(), values);
      return new Column.Float32(values);
    }
    if (first instanceof Column.Float64) {
      double[] values = new double[rows];
      copy(parts, part -> ((Column.Float64) part).values(), values);
      return new Column.Float64(values);
    }
    if (first instanceof Column.Bytes) {
      int[] offsets = joinOffsets(parts.stream().map(p -> ((Column.Bytes) p).offsets()).toList());
      byte[] bytes = new byte[offsets[rows]];
      copy(parts, part -> ((Column.Bytes) part).bytes(), bytes);
      return new Column.Bytes(offsets, bytes);
    }
    if (first instanceof Column.Array) {
      return new Column.Array(
          joinOffsets(parts.stream().map(p -> ((Column.Array) p).offsets()).toList()),
          join(parts.stream().map(p -> ((Column.Array) p).elements()).toList()));
    }
    if (first instanceof Column.Structs structs) {
      List<Column> members = new ArrayList<>();
      for (int i = 0; i < structs.members().size(); i++) {
        int member = i;
        members.add(
            join(parts.stream().map(p -> ((Column.Structs) p).members().get(member)).toList()));
      }
      return new Column.Structs(
          joinOffsets(parts.stream().map(p -> ((Column.Structs) p).offsets()).toList()), members);
    }
    Column.Vectors vectors = (Column.Vectors) first;
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(rows, vectors.bytesPerRow()));
    for (Column part : parts) {
      bytes.put(((Column.Vectors) part).bytes().duplicate());
    }
    return new Column.Vectors(vectors.bytesPerRow(), bytes.flip());
  }

  private static Column nullable(List<Column> parts) {
    Column values = join(parts.stream().map(Column::filled).toList());
    boolean[] valid = new boolean[values.rows()];
    int at = 0;
    for (Column part : parts) {
      for (int row = 0; row < part.rows(); row++) {
        valid[at++] = !part.isNull(row);
      }
    }
    return Column.nullable(valid, values);
  }

  private static void copy(
      List<Column> parts, java.util.function.Function<Column, Object> array, Object target) {
    int at = 0;
    for (Column part : parts) {
      Object values = array.apply(part);
      int length = java.lang.reflect.Array.getLength(values);
      System.arraycopy(values, 0, target, at, length);
      at += length;
    }
  }

  private static int[] joinOffsets(List<int[]> parts) {
    int rows = parts.stream().mapToInt(offsets -> offsets.length - 1).sum();
    int[] joined = new int[rows + 1];
    int row = 0;
    for (int[] offsets : parts) {
      int base = joined[row];
      for (int i = 1; i < offsets.length; i++) {
        joined[++row] = Math.addExact(base, offsets[i]);
      }
    }
    return joined;
  }
}
