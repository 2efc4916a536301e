package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/**
 * The rows that are not in the file yet: vectors of floats as pages that are made here, all else in
 * Parquet's own column writers. Those close pages by a look at all columns every few rows, so they
 * get their values row by row. For one thread.
 */
final class RowGroupWriter {
  private final SchemaMapping mapping;
  private final ParquetProperties properties;
  private final ZstdCodec compression = new ZstdCodec();

  /** By field; null where a field is written value by value. */
  private final @org.jspecify.annotations.Nullable FloatVectorPages[] vectors;

  private Values values;
  private long rows;

  RowGroupWriter(SchemaMapping mapping, ParquetProperties properties) throws IOException {
    this.mapping = mapping;
    this.properties = properties;
    List<FieldCodec> codecs = mapping.codecs();
    vectors = new FloatVectorPages[codecs.size()];
    for (int i = 0; i < vectors.length; i++) {
      FieldCodec codec = codecs.get(i);
      if (!(codec instanceof ValueCodec)) {
        vectors[i] = new FloatVectorPages(codec, mapping, properties);
      }
    }
    values = new Values();
  }

  /** Bytes held in memory. */
  long bufferedBytes() {
    long bytes = values.store.getBufferedSize();
    for (FloatVectorPages pages : vectors) {
      bytes += pages == null ? 0 : pages.bufferedBytes();
    }
    return bytes;
  }

  /** Appends the rows from {@code from} up to, but not including, {@code to}. */
  void add(List<Column> columns, int from, int to) {
    for (int i = 0; i < vectors.length; i++) {
      FloatVectorPages pages = vectors[i];
      if (pages != null) {
        pages.write(columns.get(i), from, to);
      }
    }
    values.add(columns, from, to);
    rows += to - from;
  }

  /** Puts the rows into the file as one row group, if there are any, and begins another. */
  void flushTo(ParquetFileWriter file) throws IOException {
    if (rows == 0) {
      return;
    }
    file.startBlock(rows);
    values.store.flush();
    Iterator<ColumnChunkPageWriteStore> chunks = values.chunks.iterator();
    for (FloatVectorPages pages : vectors) {
      if (pages != null) {
        pages.flushTo(file);
      } else {
        chunks.next().flushToFileWriter(file);
      }
    }
    file.endBlock();
    values.close();
    values = new Values();
    rows = 0;
  }

  /** The fields that are written value by value, each with a store of its own for its pages. */
  private final class Values {
    private final List<ColumnChunkPageWriteStore> chunks = new ArrayList<>();
    private final Map<ColumnDescriptor, PageWriter> pages = new HashMap<>();
    private final ColumnWriteStore store;
    private final int[] fields;
    private final ValueCodec[] codecs;
    private final List<List<ColumnWriter>> leaves = new ArrayList<>();

    Values() {
      List<Integer> held = new ArrayList<>();
      for (int i = 0; i < vectors.length; i++) {
        if (vectors[i] == null) {
          held.add(i);
        }
      }
      fields = held.stream().mapToInt(Integer::intValue).toArray();
      codecs = new ValueCodec[fields.length];
      for (int i = 0; i < fields.length; i++) {
        codecs[i] = (ValueCodec) mapping.codecs().get(fields[i]);
        chunks.add(chunk(codecs[i]));
      }
      store = properties.newColumnWriteStore(mapping.valueSchema(), pages::get);
      for (ValueCodec codec : codecs) {
        leaves.add(mapping.leaves(codec).stream().map(store::getColumnWriter).toList());
      }
    }

    private ColumnChunkPageWriteStore chunk(ValueCodec codec) {
      ColumnChunkPageWriteStore chunk =
          ColumnChunkPageWriteStore.builder()
              .withCompressorProvider(leaf -> compression.getCompressor(mapping.compression(leaf)))
              .withSchema(new MessageType(mapping.schema().getName(), codec.type()))
              .withAllocator(properties.getAllocator())
              .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
              .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
              .build();
      mapping.leaves(codec).forEach(leaf -> pages.put(leaf, chunk.getPageWriter(leaf)));
      return chunk;
    }

    void add(List<Column> columns, int from, int to) {
      for (int row = from; row < to; row++) {
        for (int i = 0; i < codecs.length; i++) {
          codecs[i].write(columns.get(fields[i]), row, leaves.get(i));
        }
        store.endRecord();
      }
    }

    void close() {
      chunks.forEach(ColumnChunkPageWriteStore::close);
    }
  }
}
