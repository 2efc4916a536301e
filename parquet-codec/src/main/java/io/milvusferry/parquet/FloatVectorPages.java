package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;

/**
 * The pages of one column of 32-bit float vectors in one row group, made without looking at single
 * floats: vectors in memory are the bytes of a PLAIN page already, and as every vector has the same
 * length, the levels depend on the number of rows alone.
 *
 * <p>A page ends when the next row would take it past the page size, so pages depend on rows alone,
 * not on how they were batched. For one thread.
 */
final class FloatVectorPages {
  private final FieldSpec field;
  private final ColumnDescriptor leaf;
  private final ParquetProperties properties;
  private final PageWriter out;
  private final Statistics<?> none;
  private final int rowsPerPage;
  private final byte[] values;
  private int rows;
  private BytesInput levels = BytesInput.empty();
  private int rowsOfLevels;

  /**
   * @param leaf the column of the elements of {@code field}
   */
  FloatVectorPages(
      FieldSpec field, ColumnDescriptor leaf, ParquetProperties properties, PageWriter out) {
    this.field = field;
    this.leaf = leaf;
    this.properties = properties;
    this.out = out;
    none = Statistics.noopStats(leaf.getPrimitiveType());
    rowsPerPage = Math.max(1, properties.getPageSizeThreshold() / field.vectorBytes());
    values = new byte[rowsPerPage * field.vectorBytes()];
  }

  /**
   * Appends the vector of one row.
   *
   * @throws IllegalArgumentException when the vectors are not of the field's length
   */
  void write(Column column, int row) throws IOException {
    Column.Vectors vectors = VectorBuffer.require(column, field);
    int width = vectors.bytesPerRow();
    vectors.bytes().get(row * width, values, rows * width, width);
    rows++;
    if (rows == rowsPerPage) {
      writePage();
    }
  }

  /** Ends the last page. */
  void end() throws IOException {
    if (rows > 0) {
      writePage();
    }
  }

  /** Bytes held in memory. */
  long bufferedBytes() {
    return (long) rows * field.vectorBytes() + out.getMemSize();
  }

  private void writePage() throws IOException {
    if (rowsOfLevels != rows) {
      levels = levels(rows);
      rowsOfLevels = rows;
    }
    out.writePage(
        BytesInput.concat(levels, BytesInput.from(values, 0, rows * field.vectorBytes())),
        Math.multiplyExact(rows, field.dimension()),
        rows,
        none,
        Encoding.RLE,
        Encoding.RLE,
        Encoding.PLAIN);
    rows = 0;
  }

  /** Repetition levels, 0 where a vector begins and else 1, then definition levels, all defined. */
  private BytesInput levels(int count) throws IOException {
    try (ValuesWriter repetitions = properties.newRepetitionLevelWriter(leaf);
        ValuesWriter definitions = properties.newDefinitionLevelWriter(leaf)) {
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < field.dimension(); i++) {
          repetitions.writeInteger(i == 0 ? 0 : 1);
          definitions.writeInteger(leaf.getMaxDefinitionLevel());
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      repetitions.getBytes().writeAllTo(bytes);
      definitions.getBytes().writeAllTo(bytes);
      return BytesInput.from(bytes);
    }
  }
}
