package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.Type;

/** A field with one value per row. */
final class ScalarFieldCodec extends ValueCodec {
  private final ScalarCodec scalar;

  ScalarFieldCodec(FieldSpec field) {
    super(field);
    scalar = ScalarCodec.of(field.type());
  }

  @Override
  Type type() {
    return scalar.type(repetition(), field.name());
  }

  @Override
  List<String> leaves() {
    return List.of(field.name());
  }

  @Override
  void writeValue(Column column, int row, List<ColumnWriter> out) {
    requireUtf8(column, row);
    scalar.write(column, row, out.get(0), 0, optional());
  }

  @Override
  FieldReader reader(List<ColumnReader> leaves, List<Long> values) {
    ColumnReader in = leaves.get(0);
    LevelReader levels = new LevelReader(this, in, values.get(0), optional());
    ValueBuffer buffer = scalar.buffer();
    return new FieldReader() {
      @Override
      public int readRow() {
        if (!levels.startRow()) {
          buffer.addPlaceholder();
          return 1;
        }
        levels.requireValue();
        int bytes = buffer.add(in);
        levels.next();
        return bytes;
      }

      @Override
      public Column take() {
        return levels.column(buffer.take());
      }

      @Override
      public boolean atEnd() {
        return levels.atEnd();
      }
    };
  }
}
