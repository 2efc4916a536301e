package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * The pages of one column of 32-bit float vectors, made without looking at single floats: vectors
 * in memory are the bytes of a PLAIN page already, and as every vector has the same length, the
 * levels depend on the number of rows alone.
 *
 * <p>A page ends when the next row would take it past the page size, so pages depend on rows alone,
 * not on how they were batched. The memory of a row group serves the next one again. For one
 * thread.
 */
final class FloatVectorPages {
  private final FieldCodec codec;
  private final FieldSpec field;
  private final ColumnDescriptor leaf;
  private final Statistics<?> none;
  private final int rowsPerPage;
  private final FloatVectorLevels levels;
  private final byte[] levelsOfFull;
  private final List<FloatVectorPage> pages = new ArrayList<>();

  /** How many of the pages have rows; all but the last are full. */
  private int used;

  FloatVectorPages(FieldCodec codec, SchemaMapping mapping, ParquetProperties properties)
      throws IOException {
    this.codec = codec;
    this.field = codec.field;
    leaf = mapping.leaves(codec).get(0);
    none = Statistics.noopStats(leaf.getPrimitiveType());
    rowsPerPage = Math.max(1, properties.getPageSizeThreshold() / field.vectorBytes());
    levels = mapping.levels(codec);
    levelsOfFull = levels.of(rowsPerPage);
  }

  /**
   * Appends the vectors of the rows from {@code from} up to, but not including, {@code to}.
   *
   * @throws IllegalArgumentException when the vectors are not of the field's length, or null where
   *     the field has no nulls
   */
  void write(Column column, int from, int to) {
    Column.Vectors vectors = VectorBuffer.require(column.filled(), field);
    for (int row = from; row < to; ) {
      if (column.isNull(row)) {
        codec.requireOptional();
        open().appendNull();
        row++;
      } else {
        row += open().append(vectors, row, endOfRun(column, row, to));
      }
    }
  }

  /** Bytes of the vectors that are not in the file yet. */
  long bufferedBytes() {
    return pages.stream().mapToLong(FloatVectorPage::bytes).sum();
  }

  /** Puts all rows into the file, as one column chunk, and begins again without any. */
  void flushTo(ParquetFileWriter file) throws IOException {
    List<FloatVectorPage> written = pages.subList(0, used);
    long values = written.stream().mapToLong(page -> page.values(field.dimension())).sum();
    file.startColumn(leaf, values, CompressionCodecName.UNCOMPRESSED);
    for (FloatVectorPage page : written) {
      BytesInput content =
          page.vectors() == rowsPerPage
              ? page.content()
              : page.content(levels.of(page.valid(), page.rows()));
      file.writeDataPage(
          page.values(field.dimension()),
          Math.toIntExact(content.size()),
          content,
          none,
          (long) page.rows(),
          Encoding.RLE,
          Encoding.RLE,
          Encoding.PLAIN);
      page.clear();
    }
    file.endColumn();
    used = 0;
  }

  /** The page that has room for another row. */
  private FloatVectorPage open() {
    if (used == 0 || pages.get(used - 1).isFull()) {
      if (used == pages.size()) {
        pages.add(new FloatVectorPage(levelsOfFull, rowsPerPage, field.vectorBytes()));
      }
      used++;
    }
    return pages.get(used - 1);
  }

  /** The first row behind {@code row} that is null, or {@code to}. */
  private static int endOfRun(Column column, int row, int to) {
    if (!(column instanceof Column.Nullable)) {
      return to;
    }
    int end = row + 1;
    while (end < to && !column.isNull(end)) {
      end++;
    }
    return end;
  }
}
