package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.record.Slice;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveRowSourceTest {
  private static final long SEED = 41;

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(names = {"INT64", "VARCHAR"})
  void readsInKeyOrderWhereInsertPartsOverlapBulkParts(FieldType keyType) {
    CollectionSchema schema = schema(keyType);
    RecordBatch rows = withNaNs(new SampleRows(SEED).rows(schema, 0, 3_000));
    ArchiveRowSource source = archive(schema, List.of(rows), 100 * 1024);

    List<RecordBatch> read = Parts.drain(source.scan(new Slice("p0", KeyRange.ALL), Set.of()));

    assertThat(Parts.text(Columns.concat(read))).isEqualTo(Parts.text(rows));
    assertThat(entry(source).parts()).extracting(PartEntry::lane).contains(Lane.INSERT);
    assertThat(read).hasSizeLessThan(2 * entry(source).parts().size());
  }

  @Test
  void slicesCoverEveryRowOnceAndStandInOrder() {
    CollectionSchema schema = schema(FieldType.INT64);
    RecordBatch first = withNaNs(new SampleRows(SEED).rows(schema, 0, 2_500));
    RecordBatch second = new SampleRows(SEED).rows(schema, -50, 100);
    ArchiveRowSource source = archive(schema, List.of(first, second), 100 * 1024);

    List<Slice> slices = source.slices(6);

    assertThat(slices).hasSizeBetween(4, 8);
    assertThat(slices).extracting(Slice::partition).isSorted();
    List<RecordBatch> read = new ArrayList<>();
    for (Slice slice : slices) {
      List<RecordBatch> batches = Parts.drain(source.scan(slice, Set.of()));
      assertThat(batches).isNotEmpty();
      read.addAll(batches);
    }
    assertThat(Parts.text(Columns.concat(read)))
        .isEqualTo(Parts.text(Columns.concat(List.of(first, second))));
    assertThat(source.slices(1)).hasSize(2);
  }

  @Test
  void rangesAndFieldsAreNarrowedTogether() {
    CollectionSchema schema = schema(FieldType.INT64);
    RecordBatch rows = withNaNs(new SampleRows(SEED).rows(schema, 0, 3_000));
    ArchiveRowSource source = archive(schema, List.of(rows), 100 * 1024);

    RecordBatch read =
        Columns.concat(
            Parts.drain(
                source.scan(
                    new Slice("p0", new KeyRange(new Key.Int64(999), new Key.Int64(2_001))),
                    Set.of("f_double"))));

    assertThat(read.fields()).extracting(FieldSpec::name).containsExactly("id", "f_double");
    assertThat(read.rows()).isEqualTo(1_002);
    for (int row = 0; row < read.rows(); row++) {
      assertThat(read.key(row)).isEqualTo(new Key.Int64(999 + row));
      assertThat(Parts.text(read.column("f_double"), row))
          .isEqualTo(Parts.text(rows.column("f_double"), 999 + row));
    }
  }

  @Test
  void aPartitionWithoutRowsIsOneEmptySlice() {
    CollectionSchema schema = schema(FieldType.INT64);
    RecordBatch none = new SampleRows(SEED).rows(schema, 0, 0);
    ArchiveRowSource source = archive(schema, List.of(none), 1024);

    assertThat(source.slices(4)).containsExactly(new Slice("p0", KeyRange.ALL));
    try (BatchCursor cursor = source.scan(source.slices(1).get(0), Set.of())) {
      assertThat(cursor.next()).isNull();
    }
  }

  @Test
  void partsThatTookEachOthersPlaceAreNoticed() throws IOException {
    CollectionSchema schema = schema(FieldType.INT64);
    RecordBatch rows = new SampleRows(SEED).rows(schema, 0, 3_000);
    ArchiveRowSource source = archive(schema, List.of(rows), 100 * 1024);
    List<PartEntry> parts = entry(source).parts();
    Files.copy(
        dir.resolve(parts.get(2).path()),
        dir.resolve(parts.get(1).path()),
        StandardCopyOption.REPLACE_EXISTING);

    try (BatchCursor cursor = source.scan(new Slice("p0", KeyRange.ALL), Set.of())) {
      assertThatThrownBy(() -> Parts.drain(cursor))
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PART_UNREADABLE))
          .hasMessageContaining("part-00001.parquet");
    }
  }

  @Test
  void whatTheArchiveDoesNotHaveIsRefused() {
    CollectionSchema schema = schema(FieldType.INT64);
    ArchiveRowSource source =
        archive(schema, List.of(new SampleRows(SEED).rows(schema, 0, 1)), 1024);

    assertThatThrownBy(() -> source.scan(new Slice("p9", KeyRange.ALL), Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p9");
    assertThatThrownBy(() -> source.scan(new Slice("p0", KeyRange.ALL), Set.of("nope")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nope");
  }

  private CollectionEntry entry(ArchiveRowSource source) {
    return source.collection();
  }

  private static CollectionSchema schema(FieldType keyType) {
    return SampleRows.schema(
        keyType, SampleRows.scalarFields(), SampleRows.vector(FieldType.FLOAT_VECTOR, 24));
  }

  private static RecordBatch withNaNs(RecordBatch rows) {
    double[] values = ((Column.Float64) rows.column("f_double")).values();
    for (int row = 0; row < values.length; row += 7) {
      values[row] = Double.NaN;
    }
    return rows;
  }

  /** An archive of one collection: a partition per batch, named p0, p1, … */
  private ArchiveRowSource archive(
      CollectionSchema schema, List<RecordBatch> batches, long partBytes) {
    ArchiveLayout layout = new ArchiveLayout(dir);
    List<PartEntry> parts = new ArrayList<>();
    List<PartitionEntry> partitions = new ArrayList<>();
    RowFingerprint total = new RowFingerprint(schema.rowFields());
    for (int i = 0; i < batches.size(); i++) {
      RowFingerprint fingerprint = new RowFingerprint(schema.rowFields());
      PartTarget target =
          new PartTarget(
              layout, "0001-things", i, new PartHeader("things", "p" + i, schema.rowFields()));
      try (RollingPartWriter writer =
          new RollingPartWriter(
              new ParquetCodec(),
              target,
              partBytes,
              new AtomicInteger()::getAndIncrement,
              (upTo, cut, buckets) -> parts.addAll(cut))) {
        if (batches.get(i).rows() > 0) {
          writer.write(batches.get(i));
          fingerprint.add(batches.get(i));
        }
        writer.finish();
      }
      total.add(fingerprint);
      partitions.add(new PartitionEntry(i, "p" + i, fingerprint.total()));
    }
    return new ArchiveRowSource(
        new ParquetCodec(),
        layout,
        new CollectionEntry(
            1,
            "0001-things",
            description(schema, partitions),
            new Consistency(ConsistencyMode.FUZZY, 0, List.of()),
            partitions,
            total.total().rows(),
            List.of(),
            total.total(),
            parts));
  }

  private static CollectionDescription description(
      CollectionSchema schema, List<PartitionEntry> partitions) {
    return new CollectionDescription(
        new CollectionName("default", "things"),
        "",
        schema,
        List.of(),
        partitions.stream().map(PartitionEntry::name).toList(),
        0,
        List.of(),
        new TreeMap<>(),
        1,
        "Bounded",
        LoadState.NOT_LOADED,
        0,
        List.of());
  }
}
