package io.milvusferry.parquet;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * Writes a part column by column, without records in between: vectors of floats as whole pages, all
 * else value by value into Parquet's column writers. A row group ends when the sizes of its rows
 * reach {@link #ROW_GROUP_BYTES}.
 */
final class ColumnarPartWriter implements PartWriter {
  static final long ROW_GROUP_BYTES = 64L * 1024 * 1024;

  private final Path path;
  private final PartHeader header;
  private final SchemaMapping mapping;
  private final ParquetProperties properties;
  private final ZstdCodec compression = new ZstdCodec();
  private final DigestingFile file;
  private final ParquetFileWriter writer;
  private RowGroup group;
  private long rows;
  private boolean usable = true;

  ColumnarPartWriter(Path path, PartHeader header) {
    this.path = path;
    this.header = header;
    mapping = new SchemaMapping(header.fields());
    properties = mapping.properties();
    try {
      file = new DigestingFile(path);
      writer =
          new ParquetFileWriter(
              file,
              mapping.schema(),
              ParquetFileWriter.Mode.OVERWRITE,
              ROW_GROUP_BYTES,
              0,
              null,
              properties);
      writer.start();
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
    group = new RowGroup();
  }

  @Override
  public void write(RecordBatch batch) {
    requireUsable();
    requireColumns(batch.fields());
    usable = false;
    long[] sizes = RowSizes.of(batch);
    try {
      for (int row = 0; row < batch.rows(); row++) {
        group.add(batch.columns(), row, sizes[row]);
        if (group.bytes >= ROW_GROUP_BYTES) {
          group.end();
          group = new RowGroup();
        }
      }
    } catch (IOException e) {
      throw failure(e);
    }
    rows += batch.rows();
    usable = true;
  }

  @Override
  public long estimatedBytes() {
    return file.bytes() + group.bufferedBytes();
  }

  @Override
  public WrittenPart finish() {
    requireUsable();
    usable = false;
    try {
      group.end();
      writer.end(SchemaMapping.footer(header));
      writer.close();
    } catch (IOException e) {
      throw failure(e);
    }
    return new WrittenPart(rows, file.bytes(), file.digest());
  }

  @Override
  public void close() {
    usable = false;
    try {
      file.abandon();
    } catch (IOException expected) {
      // Nothing was promised of a file that was not finished, and a finished one is closed already.
    }
  }

  private void requireUsable() {
    if (!usable) {
      throw new IllegalStateException("part %s failed or is finished".formatted(path));
    }
  }

  private void requireColumns(List<FieldSpec> fields) {
    List<String> expected = header.fields().stream().map(FieldSpec::name).toList();
    List<String> actual = fields.stream().map(FieldSpec::name).toList();
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          "a batch with the fields %s for a part with %s".formatted(actual, expected));
    }
  }

  private FerryException failure(IOException e) {
    return e instanceof ClosedByInterruptException
        ? new FerryException(
            ErrorCode.INTERRUPTED,
            "writing %s was interrupted".formatted(path),
            "Run the same command again; it resumes.",
            e)
        : LocalFailure.of(e, path);
  }

  /** Writes one field of one row. */
  private interface FieldWriter {
    void write(Column column, int row) throws IOException;
  }

  /** The rows that are not in the file yet. */
  private final class RowGroup {
    private final ColumnChunkPageWriteStore pages =
        ColumnChunkPageWriteStore.builder()
            .withCompressorProvider(leaf -> compression.getCompressor(mapping.compression(leaf)))
            .withSchema(mapping.schema())
            .withAllocator(properties.getAllocator())
            .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
            .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
            .build();
    private final ColumnWriteStore store =
        properties.newColumnWriteStore(mapping.valueSchema(), pages, pages);
    private final List<FloatVectorPages> vectors = new ArrayList<>();
    private final FieldWriter[] fields =
        mapping.codecs().stream().map(this::writer).toArray(FieldWriter[]::new);
    private long rows;
    private long bytes;

    private FieldWriter writer(FieldCodec codec) {
      List<ColumnDescriptor> leaves = mapping.leaves(codec);
      if (codec instanceof ValueCodec values) {
        List<ColumnWriter> out = leaves.stream().map(store::getColumnWriter).toList();
        return (column, row) -> values.write(column, row, out);
      }
      ColumnDescriptor leaf = leaves.get(0);
      FloatVectorPages own =
          new FloatVectorPages(codec, leaf, properties, pages.getPageWriter(leaf));
      vectors.add(own);
      return own::write;
    }

    long bufferedBytes() {
      return store.getBufferedSize()
          + vectors.stream().mapToLong(FloatVectorPages::bufferedBytes).sum();
    }

    void add(List<Column> columns, int row, long size) throws IOException {
      for (int i = 0; i < fields.length; i++) {
        fields[i].write(columns.get(i), row);
      }
      store.endRecord();
      rows++;
      bytes += size;
    }

    void end() throws IOException {
      if (rows > 0) {
        writer.startBlock(rows);
        store.flush();
        for (FloatVectorPages column : vectors) {
          column.end();
        }
        pages.flushToFileWriter(writer);
        writer.endBlock();
      }
      pages.close();
    }
  }
}
