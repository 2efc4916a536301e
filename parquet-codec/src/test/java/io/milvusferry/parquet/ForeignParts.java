package io.milvusferry.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** Writes parts as other programs may: without our footer, and without a look at the values. */
final class ForeignParts {
  private ForeignParts() {}

  /**
   * A part with the columns of one field.
   *
   * @param rows each writes one row to the columns of the leaves
   */
  static void write(Path file, SchemaMapping mapping, List<Consumer<List<ColumnWriter>>> rows)
      throws IOException {
    ParquetProperties properties = mapping.properties();
    ParquetFileWriter writer =
        new ParquetFileWriter(
            new DigestingFile(file),
            mapping.schema(),
            ParquetFileWriter.Mode.OVERWRITE,
            ColumnarPartWriter.ROW_GROUP_BYTES,
            0,
            null,
            properties);
    writer.start();
    ColumnChunkPageWriteStore pages =
        ColumnChunkPageWriteStore.builder()
            .withCompressorProvider(
                leaf -> new ZstdCodec().getCompressor(mapping.compression(leaf)))
            .withSchema(mapping.schema())
            .withAllocator(properties.getAllocator())
            .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
            .withPageWriteChecksumEnabled(true)
            .build();
    ColumnWriteStore store = properties.newColumnWriteStore(mapping.schema(), pages, pages);
    List<ColumnWriter> leaves =
        mapping.leaves(mapping.codecs().get(0)).stream().map(store::getColumnWriter).toList();
    for (Consumer<List<ColumnWriter>> row : rows) {
      row.accept(leaves);
      store.endRecord();
    }
    writer.startBlock(rows.size());
    store.flush();
    pages.flushToFileWriter(writer);
    writer.endBlock();
    writer.end(Map.of());
    writer.close();
  }
}
