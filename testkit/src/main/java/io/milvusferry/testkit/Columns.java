package io.milvusferry.testkit;

import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Puts columns together. */
public final class Columns {
  private Columns() {}

  /** All rows of batches with the same fields, in order; there must be at least one batch. */
  public static RecordBatch concat(List<RecordBatch> batches) {
    RecordBatch first = batches.get(0);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < first.fields().size(); i++) {
      int at = i;
      columns.add(concatColumns(batches.stream().map(batch -> batch.columns().get(at)).toList()));
    }
    int rows = batches.stream().mapToInt(RecordBatch::rows).sum();
    return new RecordBatch(first.fields(), columns, rows);
  }

  private static Column concatColumns(List<Column> parts) {
    int rows = parts.stream().mapToInt(Column::rows).sum();
    int at = 0;
    Column first = parts.get(0);
    if (first instanceof Column.Bool) {
      boolean[] all = new boolean[rows];
      for (Column part : parts) {
        System.arraycopy(((Column.Bool) part).values(), 0, all, at, part.rows());
        at += part.rows();
      }
      return new Column.Bool(all);
    }
    if (first instanceof Column.Int32) {
      int[] all = new int[rows];
      for (Column part : parts) {
        System.arraycopy(((Column.Int32) part).values(), 0, all, at, part.rows());
        at += part.rows();
      }
      return new Column.Int32(all);
    }
    if (first instanceof Column.Int64) {
      long[] all = new long[rows];
      for (Column part : parts) {
        System.arraycopy(((Column.Int64) part).values(), 0, all, at, part.rows());
        at += part.rows();
      }
      return new Column.Int64(all);
    }
    if (first instanceof Column.Float32) {
      float[] all = new float[rows];
      for (Column part : parts) {
        System.arraycopy(((Column.Float32) part).values(), 0, all, at, part.rows());
        at += part.rows();
      }
      return new Column.Float32(all);
    }
    if (first instanceof Column.Float64) {
      double[] all = new double[rows];
      for (Column part : parts) {
        System.arraycopy(((Column.Float64) part).values(), 0, all, at, part.rows());
        at += part.rows();
      }
      return new Column.Float64(all);
    }
    if (first instanceof Column.Bytes) {
      return bytes(parts, rows);
    }
    if (first instanceof Column.Array) {
      return arrays(parts, rows);
    }
    return vectors(parts, rows, ((Column.Vectors) first).bytesPerRow());
  }

  private static Column bytes(List<Column> parts, int rows) {
    int total = 0;
    for (Column part : parts) {
      total += ((Column.Bytes) part).offsets()[part.rows()];
    }
    int[] offsets = new int[rows + 1];
    byte[] all = new byte[total];
    int at = 0;
    for (Column part : parts) {
      Column.Bytes texts = (Column.Bytes) part;
      System.arraycopy(texts.bytes(), 0, all, offsets[at], texts.offsets()[texts.rows()]);
      at = shifted(texts.offsets(), offsets, at);
    }
    return new Column.Bytes(offsets, all);
  }

  private static Column arrays(List<Column> parts, int rows) {
    int[] offsets = new int[rows + 1];
    int at = 0;
    List<Column> elements = new ArrayList<>();
    for (Column part : parts) {
      Column.Array array = (Column.Array) part;
      elements.add(array.elements());
      at = shifted(array.offsets(), offsets, at);
    }
    return new Column.Array(offsets, concatColumns(elements));
  }

  /** Appends offsets behind row {@code at}, moved by what stands there; the new number of rows. */
  private static int shifted(int[] from, int[] to, int at) {
    for (int row = 1; row < from.length; row++) {
      to[at + row] = to[at] + from[row];
    }
    return at + from.length - 1;
  }

  private static Column vectors(List<Column> parts, int rows, int bytesPerRow) {
    ByteBuffer all = ByteBuffer.allocate(rows * bytesPerRow);
    int at = 0;
    for (Column part : parts) {
      ByteBuffer bytes = ((Column.Vectors) part).bytes();
      all.put(at, bytes, 0, bytes.limit());
      at += bytes.limit();
    }
    return new Column.Vectors(bytesPerRow, all);
  }
}
