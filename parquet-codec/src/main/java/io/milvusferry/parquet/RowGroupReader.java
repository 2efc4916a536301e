package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Reads the rows of one row group as batches. */
final class RowGroupReader {
  private final List<FieldSpec> fields;
  private final FieldCodec.FieldReader[] readers;
  private final long rowsBefore;
  private final long all;
  private long left;

  /**
   * @param rowsBefore how many rows of the part lie before this row group
   */
  RowGroupReader(
      List<FieldSpec> fields,
      SchemaMapping mapping,
      PageReadStore pages,
      String createdBy,
      long rowsBefore) {
    this.fields = fields;
    this.rowsBefore = rowsBefore;
    readers =
        mapping.codecs().stream()
            .map(codec -> reader(codec, mapping, pages, createdBy))
            .toArray(FieldCodec.FieldReader[]::new);
    all = pages.getRowCount();
    left = all;
  }

  private static FieldCodec.FieldReader reader(
      FieldCodec codec, SchemaMapping mapping, PageReadStore pages, String createdBy) {
    List<ColumnDescriptor> leaves = mapping.leaves(codec);
    if (codec instanceof FloatVectorCodec) {
      ColumnDescriptor leaf = leaves.get(0);
      return new FloatVectorReader(
          codec,
          mapping.levels(codec),
          pages.getPageReader(leaf),
          rest -> general(codec, leaves, mapping, rest, createdBy));
    }
    return general(codec, leaves, mapping, pages, createdBy);
  }

  /** Reads value by value, whatever the pages are. */
  private static FieldCodec.FieldReader general(
      FieldCodec codec,
      List<ColumnDescriptor> leaves,
      SchemaMapping mapping,
      PageReadStore pages,
      String createdBy) {
    ColumnReadStore store =
        new ColumnReadStoreImpl(pages, Unconverted.GROUP, mapping.schema(), createdBy);
    return codec.reader(
        leaves.stream().map(store::getColumnReader).toList(),
        leaves.stream().map(leaf -> pages.getPageReader(leaf).getTotalValueCount()).toList());
  }

  boolean atEnd() {
    return left == 0;
  }

  /** The next rows; there must be some. */
  RecordBatch read() {
    int rows = 0;
    long bytes = 0;
    while (left > 0 && rows < PartReader.MAX_ROWS && bytes < PartReader.MAX_BYTES) {
      for (int i = 0; i < readers.length; i++) {
        bytes += readRow(i);
      }
      rows++;
      left--;
    }
    List<Column> columns = new ArrayList<>(readers.length);
    for (FieldCodec.FieldReader reader : readers) {
      if (left == 0 && !reader.atEnd()) {
        throw new DamagedPartException("a column has more rows than its row group");
      }
      columns.add(reader.take());
    }
    return new RecordBatch(fields, columns, rows);
  }

  /** Reads the next value of a field; what is wrong with it is said with its place. */
  private int readRow(int field) {
    try {
      return readers[field].readRow();
    } catch (DamagedPartException e) {
      throw new DamagedPartException(
          "field %s of row %d %s"
              .formatted(fields.get(field).name(), rowsBefore + all - left + 1, e.getMessage()));
    }
  }

  /** Parquet asks for converters that turn values into records; values are taken as they are. */
  private static final class Unconverted extends PrimitiveConverter {
    static final GroupConverter GROUP =
        new GroupConverter() {
          @Override
          public org.apache.parquet.io.api.Converter getConverter(int index) {
            return new Unconverted();
          }

          @Override
          public void start() {}

          @Override
          public void end() {}
        };

    @Override
    public GroupConverter asGroupConverter() {
      return GROUP;
    }
  }
}
