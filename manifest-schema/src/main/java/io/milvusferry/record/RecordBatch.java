package io.milvusferry.record;

import io.milvusferry.manifest.FieldSpec;
import java.util.List;

/**
 * Rows in memory, by column.
 *
 * @param fields what the columns hold, in the order of {@code CollectionSchema.rowFields()}; a
 *     subset where fewer fields were asked for
 * @param columns one per field, each with {@code rows} rows
 */
public record RecordBatch(List<FieldSpec> fields, List<Column> columns, int rows) {
  public RecordBatch {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
    if (fields.size() != columns.size()) {
      throw new IllegalArgumentException(
          "%d fields but %d columns".formatted(fields.size(), columns.size()));
    }
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).rows() != rows) {
        throw new IllegalArgumentException(
            "field %s has %d rows, the batch %d"
                .formatted(fields.get(i).name(), columns.get(i).rows(), rows));
      }
    }
  }

  /** The column of the field of that name, which must be there. */
  public Column column(String name) {
    return columns.get(index(name));
  }

  /** The field of that name, which must be there. */
  public FieldSpec field(String name) {
    return fields.get(index(name));
  }

  private int index(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no field " + name + " among " + fields);
  }

  /** The primary key of a row; the batch must carry the key field. */
  public Key key(int row) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).primaryKey()) {
        return columns.get(i) instanceof Column.Int64 numbers
            ? new Key.Int64(numbers.values()[row])
            : new Key.Varchar(
                new String(
                    ((Column.Bytes) columns.get(i)).get(row),
                    java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    throw new IllegalStateException("the batch carries no primary key: " + fields);
  }

  /** These rows, in this order. */
  public RecordBatch select(int[] wanted) {
    return new RecordBatch(
        fields, columns.stream().map(column -> column.select(wanted)).toList(), wanted.length);
  }

  /** The rows from {@code from} up to, but not including, {@code to}. */
  public RecordBatch slice(int from, int to) {
    return from == 0 && to == rows
        ? this
        : new RecordBatch(
            fields, columns.stream().map(column -> column.slice(from, to)).toList(), to - from);
  }

  /** Bytes of memory that the values take. */
  public long byteSize() {
    return columns.stream().mapToLong(Column::byteSize).sum();
  }
}
