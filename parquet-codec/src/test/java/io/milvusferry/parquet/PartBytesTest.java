package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartBytesTest {
  private static final long SEED = 99;

  @TempDir Path dir;

  @Test
  void doNotDependOnHowRowsWereBatched() {
    RecordBatch rows = new SampleRows(SEED).rows(sample(), 0, 5_000);

    WrittenPart once = Parts.write(dir.resolve("once"), rows, 5_000);
    WrittenPart again = Parts.write(dir.resolve("again"), rows, 5_000);
    WrittenPart small = Parts.write(dir.resolve("small"), rows, 13);

    assertThat(again).isEqualTo(once);
    assertThat(small).isEqualTo(once);
  }

  @Test
  void haveThePhysicalProfileThatServersImport() throws IOException {
    CollectionSchema schema = sample();
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, 20_000);
    Path file = dir.resolve("part");
    Parts.write(file, rows, 20_000);

    try (ParquetFileReader reader = open(file)) {
      for (BlockMetaData block : reader.getRowGroups()) {
        for (ColumnChunkMetaData chunk : block.getColumns()) {
          boolean vector = chunk.getPath().toDotString().startsWith("vector.");
          assertThat(chunk.getCodec())
              .as(chunk.getPath().toDotString())
              .isEqualTo(vector ? CompressionCodecName.UNCOMPRESSED : CompressionCodecName.ZSTD);
          assertThat(chunk.getEncodings().stream().map(Encoding::name))
              .isSubsetOf(
                  vector
                      ? Set.of("PLAIN", "RLE")
                      : Set.of("PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY"));
          assertThat(chunk.getStatistics().isEmpty()).isEqualTo(vector);
          assertThat(chunk.getPrimitiveType().getId()).isNull();
        }
      }
      assertThat(dictionaries(reader))
          .contains("f_int8", "f_int64", "f_varchar", "f_json", "a_varchar.list.element", "$meta")
          .doesNotContain("f_bool", "f_float", "f_double", "vector.list.element");
      assertPages(reader);
    }
  }

  @Test
  void namesTheColumnsExactlyAsImportsExpectThem() throws IOException {
    CollectionSchema schema = sample();
    Path file = dir.resolve("part");
    Parts.write(file, new SampleRows(SEED).rows(schema, 0, 3), 3);

    try (ParquetFileReader reader = open(file)) {
      String text = reader.getFileMetaData().getSchema().toString();
      assertThat(text)
          .contains("required int64 id;")
          .contains("required boolean f_bool;")
          .contains("required int32 f_int8 (INTEGER(8,true));")
          .contains("required int32 f_int16 (INTEGER(16,true));")
          .contains("required int32 f_int32;")
          .contains("required binary f_json (STRING);")
          .contains("required binary f_varchar (STRING);")
          .contains("required binary $meta (STRING);")
          .contains(
              "required group vector (LIST) {\n    repeated group list {\n"
                  + "      required float element;")
          .contains(
              "required group a_int8 (LIST) {\n    repeated group list {\n"
                  + "      required int32 element (INTEGER(8,true));");
      assertThat(reader.getFileMetaData().getSchema().getFieldCount())
          .isEqualTo(schema.rowFields().size());
    }
  }

  @Test
  void sayInTheFooterWhatAStrayFileIs() throws IOException {
    CollectionSchema schema = sample();
    Path file = dir.resolve("part");
    Parts.write(file, new SampleRows(SEED).rows(schema, 0, 3), 3);

    try (ParquetFileReader reader = open(file)) {
      assertThat(reader.getFileMetaData().getKeyValueMetaData())
          .containsOnlyKeys(
              "ferry.formatVersion", "ferry.collection", "ferry.partition", "ferry.vector.vector")
          .containsEntry("ferry.formatVersion", "1")
          .containsEntry("ferry.collection", "things")
          .containsEntry("ferry.partition", "_default")
          .containsEntry("ferry.vector.vector", "FLOAT_VECTOR 48");
    }
  }

  @Test
  void areCutIntoRowGroupsOfAboutSixtyFourMebibytes() throws IOException {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 4096));
    Path file = dir.resolve("part");
    SampleRows rows = new SampleRows(SEED);
    try (PartWriter writer =
        new ParquetCodec()
            .openWriter(file, new PartHeader("things", "_default", schema.rowFields()))) {
      for (int batch = 0; batch < 9; batch++) {
        writer.write(rows.rows(schema, batch * 1_000L, 1_000));
      }
      writer.finish();
    }

    try (ParquetFileReader reader = open(file)) {
      assertThat(reader.getRowGroups()).hasSize(3);
      assertThat(reader.getRowGroups().get(0).getTotalByteSize()).isBetween(63L << 20, 66L << 20);
      assertThat(reader.getRowGroups().get(2).getTotalByteSize()).isLessThan(20L << 20);
    }
  }

  private static void assertPages(ParquetFileReader reader) throws IOException {
    for (PageReadStore pages = reader.readNextRowGroup();
        pages != null;
        pages = reader.readNextRowGroup()) {
      for (var column : reader.getFileMetaData().getSchema().getColumns()) {
        var page = pages.getPageReader(column);
        for (DataPage data = page.readPage(); data != null; data = page.readPage()) {
          assertThat(data).isInstanceOf(DataPageV1.class);
          assertThat(data.getCrc()).isPresent();
          assertThat(data.getUncompressedSize()).isLessThan((1 << 20) + (1 << 17));
        }
      }
    }
  }

  private static Set<String> dictionaries(ParquetFileReader reader) {
    return reader.getRowGroups().get(0).getColumns().stream()
        .filter(ColumnChunkMetaData::hasDictionaryPage)
        .map(chunk -> chunk.getPath().toDotString())
        .collect(Collectors.toSet());
  }

  private static ParquetFileReader open(Path file) throws IOException {
    return ParquetFileReader.open(
        new LocalInputFile(file),
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ZstdCodec())
            .build());
  }

  private static CollectionSchema sample() {
    return SampleRows.schema(
        FieldType.INT64, SampleRows.scalarFields(), SampleRows.vector(FieldType.FLOAT_VECTOR, 48));
  }
}
