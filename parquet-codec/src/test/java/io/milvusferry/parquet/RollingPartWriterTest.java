package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingPartWriterTest {
  private static final long SEED = 7;
  private static final CollectionSchema SCHEMA =
      SampleRows.schema(
          FieldType.VARCHAR,
          SampleRows.scalarFields(),
          SampleRows.vector(FieldType.FLOAT_VECTOR, 64));

  @TempDir Path dir;

  private final List<PartEntry> parts = new ArrayList<>();
  private final List<Key> cuts = new ArrayList<>();
  private final BucketFingerprints buckets = new BucketFingerprints();

  @Test
  void cutsPartsBySizeAndDescribesThem() throws IOException {
    RecordBatch rows = new SampleRows(SEED).rows(SCHEMA, 0, 2_000);

    write(dir, rows, 300, 256 * 1024);

    assertThat(parts).hasSizeGreaterThan(3);
    List<RecordBatch> read = new ArrayList<>();
    for (PartEntry part : parts) {
      Path file = dir.resolve(part.path());
      RecordBatch content = Parts.read(file, SCHEMA.rowFields(), KeyRange.ALL);
      assertThat(part.digest()).isEqualTo(Digest.ofContent(Files.readAllBytes(file)));
      assertThat(part.bytes()).isEqualTo(Files.size(file));
      assertThat(part.rows()).isEqualTo(content.rows());
      assertThat(part.minKey()).isEqualTo(content.key(0).text());
      assertThat(part.maxKey()).isEqualTo(content.key(content.rows() - 1).text());
      assertThat(part.fingerprint()).isEqualTo(fingerprint(content).total());
      assertThat(part.lane()).isEqualTo(Lane.BULK);
      read.add(content);
    }
    assertThat(Parts.text(Columns.concat(read))).isEqualTo(Parts.text(rows));
    assertThat(parts.get(1).path()).isEqualTo("data/0001-things/p0000/part-00001.parquet");
    assertThat(buckets.toText()).isEqualTo(fingerprint(rows).buckets().toText());
    assertThat(cuts).hasSameSizeAs(parts).last().isEqualTo(rows.key(1_999));
  }

  @Test
  void theSameRowsGiveTheSamePartsHoweverTheyAreBatched() {
    RecordBatch rows = mixed(2_000);
    Path other = dir.resolve("other");

    write(dir.resolve("one"), rows, 2_000, 200 * 1024);
    List<PartEntry> first = List.copyOf(parts);
    parts.clear();
    write(other, rows, 37, 200 * 1024);

    assertThat(parts).isEqualTo(first);
  }

  @Test
  void goesOnBehindACutAsIfNothingHadHappened() {
    RecordBatch rows = mixed(2_000);
    write(dir.resolve("one"), rows, 500, 200 * 1024);
    List<PartEntry> whole = List.copyOf(parts);
    Key behind = cuts.get(2);
    long done = whole.stream().filter(p -> p.maxKey().compareTo(behind.text()) <= 0).count();
    parts.clear();

    AtomicInteger number = new AtomicInteger((int) done);
    try (RollingPartWriter writer = writer(dir.resolve("two"), 200 * 1024, number)) {
      writer.write(rows.slice(KeyOrder.firstAtLeast(rows, behind) + 1, rows.rows()));
      writer.finish();
    }

    assertThat(parts).isEqualTo(whole.subList((int) done, whole.size()));
  }

  @Test
  void rowsThatNoImportTakesGoToPartsOfTheirOwn() {
    RecordBatch rows = mixed(1_000);

    write(dir, rows, 100, Long.MAX_VALUE);

    assertThat(parts).extracting(PartEntry::lane).containsExactly(Lane.BULK, Lane.INSERT);
    RecordBatch insert =
        Parts.read(dir.resolve(parts.get(1).path()), SCHEMA.rowFields(), KeyRange.ALL);
    assertThat(insert.rows()).isEqualTo(300);
    assertThat(LaneSplit.insertRows(insert)).containsOnly(true);
    RecordBatch bulk =
        Parts.read(dir.resolve(parts.get(0).path()), SCHEMA.rowFields(), KeyRange.ALL);
    assertThat(LaneSplit.insertRows(bulk)).containsOnly(false);
    assertThat(cuts).containsExactly(rows.key(999));
  }

  @Test
  void saysWhichServersImportAPart() {
    for (FieldType vector : List.of(FieldType.BINARY_VECTOR, FieldType.FLOAT16_VECTOR)) {
      CollectionSchema schema =
          SampleRows.schema(FieldType.INT64, List.of(), SampleRows.vector(vector, 16));
      try (RollingPartWriter writer =
          writer(dir.resolve(vector.name()), schema.rowFields(), 1, new AtomicInteger())) {
        writer.write(new SampleRows(SEED).rows(schema, 0, 1));
        writer.finish();
      }
    }

    assertThat(parts).extracting(PartEntry::minServer).containsExactly("2.3.4", "2.4.0");
  }

  @Test
  void neverCutsBetweenRowsOfTheSameKey() {
    CollectionSchema schema =
        SampleRows.schema(FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 8));
    RecordBatch sample = new SampleRows(SEED).rows(schema, 0, 9);
    List<Column> columns = new ArrayList<>(sample.columns());
    columns.set(0, new Column.Int64(new long[] {1, 1, 1, 2, 2, 3, 3, 3, 3}));
    RecordBatch rows = new RecordBatch(schema.rowFields(), columns, 9);

    try (RollingPartWriter writer = writer(dir, schema.rowFields(), 1, new AtomicInteger())) {
      writer.write(rows.slice(0, 2));
      writer.write(rows.slice(2, 7));
      writer.write(rows.slice(7, 9));
      writer.finish();
    }

    assertThat(parts).extracting(PartEntry::rows).containsExactly(3L, 2L, 4L);
  }

  @Nested
  class WhenABatchFails {
    @Test
    void onlyAPartialFileIsLeftBehindTheLastCut() throws IOException {
      RecordBatch rows = new SampleRows(SEED).rows(SCHEMA, 0, 600);
      List<Column> columns = new ArrayList<>(rows.columns());
      int int8 = SCHEMA.rowFields().indexOf(SCHEMA.field("f_int8").orElseThrow());
      columns.set(int8, new Column.Int32(new int[600]));
      ((Column.Int32) columns.get(int8)).values()[599] = 128;
      RecordBatch bad = new RecordBatch(rows.fields(), columns, 600);

      try (RollingPartWriter writer = writer(dir, 100 * 1024, new AtomicInteger())) {
        writer.write(bad.slice(0, 500));
        assertThatThrownBy(() -> writer.write(bad.slice(500, 600)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("128");
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
      }

      assertThat(parts).isNotEmpty();
      List<String> complete = parts.stream().map(PartEntry::path).toList();
      try (Stream<Path> files = Files.walk(dir)) {
        assertThat(files.filter(Files::isRegularFile).map(f -> dir.relativize(f).toString()))
            .filteredOn(path -> !complete.contains(path))
            .singleElement()
            .asString()
            .endsWith(".parquet.partial");
      }
    }

    @Test
    void rowsThatDoNotAscendAreRefused() {
      RecordBatch rows = new SampleRows(SEED).rows(SCHEMA, 0, 10);
      try (RollingPartWriter writer = writer(dir, 1024, new AtomicInteger())) {
        writer.write(rows.slice(5, 10));
        assertThatThrownBy(() -> writer.write(rows.slice(0, 5)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("do not ascend");
      }
    }
  }

  /** Rows of which three in ten have a NaN, or an infinity, somewhere. */
  private static RecordBatch mixed(int count) {
    RecordBatch rows = new SampleRows(SEED).rows(SCHEMA, 0, count);
    Column.Vectors vectors = (Column.Vectors) rows.column("vector");
    ByteBuffer bytes = vectors.bytes().order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < count; row++) {
      switch (row % 10) {
        case 1 -> ((Column.Float32) rows.column("f_float")).values()[row] = Float.NaN;
        case 4 ->
            ((Column.Float64) rows.column("f_double")).values()[row] = Double.NEGATIVE_INFINITY;
        case 8 -> bytes.putFloat(row * vectors.bytesPerRow() + 252, Float.POSITIVE_INFINITY);
        default -> {}
      }
    }
    return rows;
  }

  private void write(Path root, RecordBatch rows, int batchRows, long partBytes) {
    try (RollingPartWriter writer = writer(root, partBytes, new AtomicInteger())) {
      for (int from = 0; from < rows.rows(); from += batchRows) {
        writer.write(rows.slice(from, Math.min(rows.rows(), from + batchRows)));
      }
      writer.finish();
    }
  }

  private RollingPartWriter writer(Path root, long partBytes, AtomicInteger number) {
    return writer(root, SCHEMA.rowFields(), partBytes, number);
  }

  private RollingPartWriter writer(
      Path root, List<FieldSpec> fields, long partBytes, AtomicInteger number) {
    return new RollingPartWriter(
        new ParquetCodec(),
        new PartTarget(
            new ArchiveLayout(root),
            "0001-things",
            0,
            new PartHeader("things", "_default", fields)),
        partBytes,
        number::getAndIncrement,
        (upTo, cut, fingerprints) -> {
          assertThat(cut).allSatisfy(part -> assertThat(root.resolve(part.path())).exists());
          cuts.add(upTo);
          parts.addAll(cut);
          buckets.add(fingerprints);
        });
  }

  private static RowFingerprint fingerprint(RecordBatch rows) {
    RowFingerprint fingerprint = new RowFingerprint(rows.fields());
    fingerprint.add(rows);
    return fingerprint;
  }
}
