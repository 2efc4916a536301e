package io.milvusferry.parquet;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.apache.parquet.column.ParquetProperties;
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
  private final DigestingFile file;
  private final ParquetFileWriter writer;
  private final RowGroupWriter group;
  private long groupBytes;
  private long rows;
  private boolean usable = true;

  /**
   * Starts a part; its file is made, or emptied.
   *
   * @param sha256 takes the digest of the file; nobody else uses it
   */
  ColumnarPartWriter(Path path, PartHeader header, MessageDigest sha256) {
    this.path = path;
    this.header = header;
    mapping = new SchemaMapping(header.fields());
    properties = mapping.properties();
    try {
      file = new DigestingFile(path, sha256);
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
      group = new RowGroupWriter(mapping, properties);
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
  }

  @Override
  public void write(RecordBatch batch) {
    requireUsable();
    requireColumns(batch.fields());
    usable = false;
    long[] sizes = RowSizes.of(batch);
    try {
      int from = 0;
      for (int row = 0; row < batch.rows(); row++) {
        groupBytes += sizes[row];
        if (groupBytes >= ROW_GROUP_BYTES) {
          group.add(batch.columns(), from, row + 1);
          group.flushTo(writer);
          from = row + 1;
          groupBytes = 0;
        }
      }
      group.add(batch.columns(), from, batch.rows());
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
      group.flushTo(writer);
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
}
