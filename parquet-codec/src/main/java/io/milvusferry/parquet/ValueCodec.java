package io.milvusferry.parquet;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.util.List;
import org.apache.parquet.column.ColumnWriter;

/** A field that is written value by value through Parquet's own column writers. */
abstract class ValueCodec extends FieldCodec {
  ValueCodec(FieldSpec field) {
    super(field);
  }

  /**
   * Writes the value of one row, or that there is none.
   *
   * @param out one writer for each leaf
   * @throws IllegalArgumentException when the field cannot hold it
   */
  final void write(Column column, int row, List<ColumnWriter> out) {
    if (column.isNull(row)) {
      requireOptional();
      out.forEach(leaf -> leaf.writeNull(0, 0));
    } else {
      writeValue(column.filled(), row, out);
    }
  }

  /** Refuses a text that is not UTF-8, which no reader of parts would take. */
  final void requireUtf8(Column values, int index) {
    if (values instanceof Column.Bytes text
        && !Utf8.valid(text.bytes(), text.offsets()[index], text.length(index))) {
      throw new FerryException(
          ErrorCode.TEXT_INVALID,
          "field %s has a text that is not UTF-8".formatted(field.name()),
          "Write the row anew with a correct text, or leave the field out with --fields.",
          null);
    }
  }

  /** Writes the value of one row that has one. */
  abstract void writeValue(Column column, int row, List<ColumnWriter> out);
}
