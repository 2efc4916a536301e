package io.milvusferry.parquet;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Reads a part row group by row group. Whatever is wrong with the file is said with its name. */
final class PartReader implements BatchCursor {
  static final int MAX_ROWS = 8192;
  static final long MAX_BYTES = 8L * 1024 * 1024;

  private final Path file;
  private final List<FieldSpec> fields;
  private final KeyRange range;
  private final SchemaMapping mapping;
  private final ParquetFileReader reader;
  private @Nullable RowGroupReader group;
  private boolean done;

  PartReader(Path file, List<FieldSpec> fields, KeyRange range) {
    this.file = file;
    this.fields = List.copyOf(fields);
    this.range = range;
    mapping = new SchemaMapping(fields);
    try {
      FooterCheck.size(file);
      reader = ParquetFileReader.open(new LocalInputFile(file), options());
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
    try {
      FooterCheck.content(file, reader.getFooter(), mapping);
      reader.setRequestedSchema(mapping.schema());
    } catch (IOException | RuntimeException e) {
      close();
      throw unreadable(e);
    }
  }

  @Override
  public @Nullable RecordBatch next() {
    try {
      while (!done) {
        RecordBatch batch = read();
        if (batch == null) {
          done = true;
        } else if (range.from() == null && range.below() == null) {
          return batch;
        } else {
          RecordBatch wanted = KeyOrder.within(batch, range);
          done = range.below() != null && batch.key(batch.rows() - 1).compareTo(range.below()) >= 0;
          if (wanted.rows() > 0) {
            return wanted;
          }
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      done = true;
      throw unreadable(e);
    }
  }

  boolean isOwn() {
    return reader.getFileMetaData().getKeyValueMetaData().containsKey(SchemaMapping.OWN);
  }

  @Override
  public void close() {
    done = true;
    try {
      reader.close();
    } catch (IOException expected) {
      // The file was only read: nothing can be lost.
    }
  }

  private @Nullable RecordBatch read() throws IOException {
    while (group == null || group.atEnd()) {
      if (!skipToNextBlock()) {
        return null;
      }
      long rowsBefore =
          reader.getRowGroups().stream()
              .limit(reader.getCurrentRowGroupIndex() + 1)
              .mapToLong(BlockMetaData::getRowCount)
              .sum();
      group =
          new RowGroupReader(
              fields,
              mapping,
              reader.readNextRowGroup(),
              reader.getFileMetaData().getCreatedBy(),
              rowsBefore);
    }
    return group.read();
  }

  /** Passes over row groups that hold no wanted keys; false if there is no other. */
  private boolean skipToNextBlock() {
    List<BlockMetaData> blocks = reader.getRowGroups();
    for (int i = reader.getCurrentRowGroupIndex() + 1; i < blocks.size(); i++) {
      if (KeyStatistics.mayHold(blocks.get(i), fields, range)) {
        return true;
      }
      reader.skipNextRowGroup();
    }
    return false;
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new ZstdCodec())
        .usePageChecksumVerification(true)
        .build();
  }

  private FerryException unreadable(Exception e) {
    if (e instanceof FerryException known) {
      return known;
    }
    String reason =
        e instanceof NoSuchFileException || e instanceof java.io.FileNotFoundException
            ? "there is no such file"
            : String.valueOf(e.getMessage());
    return new FerryException(
        ErrorCode.PART_UNREADABLE,
        "part %s cannot be read: %s".formatted(file, reason),
        "Run ferry verify on the archive, and fetch the damaged part again.",
        e);
  }
}
