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
import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * Writes a part value by value into Parquet's column writers, without records in between. A row
 * group ends when the sizes of its rows reach {@link #ROW_GROUP_BYTES}.
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
    return file.bytes() + group.store.getBufferedSize();
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
        properties.newColumnWriteStore(mapping.schema(), pages, pages);
    private final FieldCodec[] codecs = mapping.codecs().toArray(FieldCodec[]::new);
    private final ColumnWriter[] leaves =
        mapping.codecs().stream()
            .map(codec -> store.getColumnWriter(mapping.leaf(codec)))
            .toArray(ColumnWriter[]::new);
    private long rows;
    private long bytes;

    void add(List<Column> columns, int row, long size) {
      for (int i = 0; i < codecs.length; i++) {
        codecs[i].write(columns.get(i), row, leaves[i]);
      }
      store.endRecord();
      rows++;
      bytes += size;
    }

    void end() throws IOException {
      if (rows > 0) {
        writer.startBlock(rows);
        store.flush();
        pages.flushToFileWriter(writer);
        writer.endBlock();
      }
      pages.close();
    }
  }
}
