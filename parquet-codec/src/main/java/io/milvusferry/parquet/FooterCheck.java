package io.milvusferry.parquet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Looks at what a footer claims before memory is spent on it. */
final class FooterCheck {
  /** Ours have some kilobytes per row group. */
  private static final int MAX_FOOTER = 16 * 1024 * 1024;

  private static final int TAIL = 8;

  private FooterCheck() {}

  /** Refuses a file whose footer has an absurd size. */
  static void size(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      if (bytes.length() < TAIL) {
        throw new DamagedPartException("it has %d bytes".formatted(bytes.length()));
      }
      bytes.seek(bytes.length() - TAIL);
      long footer = Integer.toUnsignedLong(Integer.reverseBytes(bytes.readInt()));
      if (footer > Math.min(MAX_FOOTER, bytes.length() - TAIL)) {
        throw new DamagedPartException("its footer claims %d bytes".formatted(footer));
      }
    }
  }

  /** Refuses columns that are not as wanted, and chunks that reach out of the file. */
  static void content(Path file, ParquetMetadata footer, SchemaMapping wanted) throws IOException {
    MessageType schema = footer.getFileMetaData().getSchema();
    for (Type column : wanted.schema().getFields()) {
      if (!schema.containsField(column.getName())) {
        throw new DamagedPartException("it has no column " + column.getName());
      }
      Type actual = schema.getType(column.getName());
      if (!actual.equals(column)) {
        throw new DamagedPartException(
            "column %s is %s, not %s".formatted(column.getName(), actual, column));
      }
    }
    long size = Files.size(file);
    for (BlockMetaData block : footer.getBlocks()) {
      if (block.getRowCount() < 1) {
        throw new DamagedPartException("a row group has %d rows".formatted(block.getRowCount()));
      }
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        long start = chunk.getStartingPos();
        long length = chunk.getTotalSize();
        if (start < 0 || length < 0 || length > size - start) {
          throw new DamagedPartException(
              "column %s claims %d bytes at %d of %d"
                  .formatted(chunk.getPath(), length, start, size));
        }
      }
    }
  }
}
