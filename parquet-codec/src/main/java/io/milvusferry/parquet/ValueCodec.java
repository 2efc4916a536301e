package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import org.apache.parquet.column.ColumnWriter;

/** A field that is written value by value through Parquet's own column writer. */
abstract class ValueCodec extends FieldCodec {
  ValueCodec(FieldSpec field) {
    super(field);
  }

  /**
   * Writes the value of one row.
   *
   * @throws IllegalArgumentException when the field cannot hold it
   */
  abstract void write(Column column, int row, ColumnWriter out);
}
