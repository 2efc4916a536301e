package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.Type;

/** An array of scalars. */
final class ArrayFieldCodec extends ValueCodec {
  /** No server takes longer arrays. */
  static final int MAX_CAPACITY = 4096;

  private final ScalarCodec element;
  private final int full;

  ArrayFieldCodec(FieldSpec field) {
    super(field);
    element = ScalarCodec.of(Objects.requireNonNull(field.elementType()));
    full = optional() + 1;
  }

  @Override
  Type type() {
    return listOf(element.type(Type.Repetition.REQUIRED, "element"));
  }

  @Override
  List<String> leaves() {
    return listLeaf();
  }

  @Override
  void writeValue(Column column, int row, List<ColumnWriter> leaves) {
    ColumnWriter out = leaves.get(0);
    Column.Array array = (Column.Array) column;
    int from = array.offsets()[row];
    int to = array.offsets()[row + 1];
    if (to - from > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "field %s has an array of %d elements".formatted(field.name(), to - from));
    }
    if (from == to) {
      out.writeNull(0, full - 1);
    }
    for (int i = from; i < to; i++) {
      requireUtf8(array.elements(), i);
      element.write(array.elements(), i, out, i == from ? 0 : 1, full);
    }
  }

  @Override
  FieldReader reader(List<ColumnReader> in, List<Long> values) {
    return new Reader(in.get(0), values.get(0));
  }

  private final class Reader implements FieldReader {
    private final ColumnReader in;
    private final LevelReader levels;
    private final ValueBuffer elements = element.buffer();
    private int[] offsets = new int[256];
    private int rows;

    Reader(ColumnReader in, long values) {
      this.in = in;
      levels = new LevelReader(ArrayFieldCodec.this, in, values, full);
    }

    @Override
    public int readRow() {
      int bytes = Integer.BYTES;
      if (!levels.startRow()) {
        bytes = 1;
      } else if (levels.emptyList()) {
        if (levels.next()) {
          throw levels.damage("has an element after an empty array");
        }
      } else {
        int first = elements.size;
        do {
          if (elements.size - first == MAX_CAPACITY) {
            throw levels.damage("has an array of more than %d elements".formatted(MAX_CAPACITY));
          }
          levels.requireValue();
          bytes += elements.add(in);
        } while (levels.next());
      }
      if (rows + 1 == offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      offsets[++rows] = elements.size;
      return bytes;
    }

    @Override
    public Column take() {
      Column column = new Column.Array(Arrays.copyOf(offsets, rows + 1), elements.take());
      rows = 0;
      return levels.column(column);
    }

    @Override
    public boolean atEnd() {
      return levels.atEnd();
    }
  }
}
