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
  private final FieldCodec codec;
  private final FieldSpec field;
  private final ColumnDescriptor leaf;
  private final ParquetProperties properties;
  private final PageWriter out;
  private final Statistics<?> none;
  private final int rowsPerPage;
  private final byte[] values;
  private final boolean[] valid;
  private int rows;
  private int vectors;
  private BytesInput levels = BytesInput.empty();
  private int rowsOfLevels;

  /**
   * @param leaf the column of the elements of the field
   */
  FloatVectorPages(
      FieldCodec codec, ColumnDescriptor leaf, ParquetProperties properties, PageWriter out) {
    this.codec = codec;
    this.field = codec.field;
    this.leaf = leaf;
    this.properties = properties;
    this.out = out;
    none = Statistics.noopStats(leaf.getPrimitiveType());
    rowsPerPage = Math.max(1, properties.getPageSizeThreshold() / field.vectorBytes());
    values = new byte[rowsPerPage * field.vectorBytes()];
    valid = new boolean[rowsPerPage];
  }

  /**
   * Appends the vector of one row.
   *
   * @throws IllegalArgumentException when the vectors are not of the field's length
   */
  void write(Column column, int row) throws IOException {
    valid[rows] = !column.isNull(row);
    if (valid[rows]) {
      Column.Vectors from = VectorBuffer.require(column.filled(), field);
      int width = from.bytesPerRow();
      from.bytes().get(row * width, values, vectors * width, width);
      vectors++;
    } else {
      codec.requireOptional();
    }
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
    return (long) vectors * field.vectorBytes() + out.getMemSize();
  }

  private void writePage() throws IOException {
    if (rowsOfLevels != rows || vectors < rows) {
      levels = levels(rows);
      rowsOfLevels = vectors < rows ? 0 : rows;
    }
    out.writePage(
        BytesInput.concat(levels, BytesInput.from(values, 0, vectors * field.vectorBytes())),
        Math.addExact(Math.multiplyExact(vectors, field.dimension()), rows - vectors),
        rows,
        none,
        Encoding.RLE,
        Encoding.RLE,
        Encoding.PLAIN);
    rows = 0;
    vectors = 0;
  }

  /**
   * Repetition levels, 0 where a row begins and else 1, then definition levels, all defined but for
   * a null.
   */
  private BytesInput levels(int count) throws IOException {
    try (ValuesWriter repetitions = properties.newRepetitionLevelWriter(leaf);
        ValuesWriter definitions = properties.newDefinitionLevelWriter(leaf)) {
      for (int row = 0; row < count; row++) {
        if (!valid[row]) {
          repetitions.writeInteger(0);
          definitions.writeInteger(0);
        }
        for (int i = 0; valid[row] && i < field.dimension(); i++) {
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
