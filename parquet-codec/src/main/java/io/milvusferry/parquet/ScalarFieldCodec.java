package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
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
  String leaf() {
    return field.name();
  }

  @Override
  void write(Column column, int row, ColumnWriter out) {
    scalar.write(column, row, out, 0, optional());
  }

  @Override
  FieldReader reader(ColumnReader in, long values) {
    LevelReader levels = new LevelReader(field, in, values, optional());
    ValueBuffer buffer = scalar.buffer();
    return new FieldReader() {
      @Override
      public int readRow() {
        levels.startRow();
        levels.requireValue();
        int bytes = buffer.add(in);
        levels.next();
        return bytes;
      }

      @Override
      public Column take() {
        return buffer.take();
      }

      @Override
      public boolean atEnd() {
        return levels.atEnd();
      }
    };
  }
}
