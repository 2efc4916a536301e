package io.milvusferry.migration;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Staging;
import io.milvusferry.importer.TargetNames;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.parquet.ParquetCodec;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.SampleRows;
import io.milvusferry.verify.ComparisonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Two servers in memory, and migrations from one to the other. */
final class MigrationFixture {
  final FakeMilvus source = new FakeMilvus();
  final FakeMilvus target = new FakeMilvus(FakeMilvus.EVERYTHING, MigrationFixture::readPart);
  final Path directory;
  Staging staging = new Staging.None();
  OnExisting onExisting = OnExisting.FAIL;
  AutoId autoId = AutoId.KEEP_KEYS;
  boolean load;
  Excerpt excerpt = Excerpt.ALL;
  boolean strict;
  boolean compare = true;
  int jobs = 1;

  private final TestClock clock = new TestClock();

  MigrationFixture(Path directory) {
    this.directory = directory;
  }

  static CollectionName name(String name) {
    return new CollectionName("default", name);
  }

  static CollectionSchema schema(FieldType key, FieldType vector) {
    FieldSpec vectorField = SampleRows.vector(vector, vector == FieldType.BINARY_VECTOR ? 16 : 4);
    return SampleRows.schema(
        key, vector == FieldType.FLOAT_VECTOR ? SampleRows.scalarFields() : List.of(), vectorField);
  }

  /** Makes a collection at the source with rows in its partitions, indexed and loaded. */
  void fill(CollectionName name, CollectionSchema schema, int rows, String... partitions) {
    CollectionTarget collection = source.target(name);
    collection.create(CollectionDescriptions.of(name, schema), new TreeMap<>());
    for (String partition : partitions) {
      collection.createPartition(partition);
    }
    schema.fields().stream()
        .filter(field -> field.type().isDenseVector())
        .forEach(field -> collection.createIndex(CollectionDescriptions.flatIndex(field)));
    source.source(name).load(1, Duration.ofSeconds(1));
    int first = 0;
    for (String partition : partitions.length == 0 ? new String[] {"_default"} : partitions) {
      if (rows > 0) {
        collection.insert(partition, new SampleRows(7 + first).rows(schema, first, rows));
      }
      first += rows;
    }
  }

  MigrationResult run() {
    return run(source, target);
  }

  MigrationResult run(MilvusServer from, MilvusServer into) {
    return new Migration(
            new Random(42), clock, new ComparisonSettings(1, 10, Set.of(), Duration.ZERO))
        .migrate(
            new MigrationRequest(
                from,
                "source",
                into,
                "target",
                directory.resolve("state"),
                NameFilter.ALL,
                excerpt,
                TargetNames.SAME,
                staging,
                onExisting,
                autoId,
                strict,
                load,
                false,
                Throttle.NONE,
                2,
                jobs,
                compare,
                "test",
                clock,
                ProgressSink.NONE));
  }

  long rowsAtTarget(CollectionName name) {
    return target.source(name).count().orElseThrow();
  }

  /** Parts that lie anywhere below the directory. */
  List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private static List<RecordBatch> readPart(Path file, CollectionSchema schema) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("no such file: " + file);
    }
    if (schema.primaryKey().name().startsWith("ferry_probe")) {
      throw new IOException("the file has a field vector that the collection has not");
    }
    List<RecordBatch> batches = new ArrayList<>();
    try (BatchCursor cursor = new ParquetCodec().openPart(file, schema.rowFields(), KeyRange.ALL)) {
      for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
        batches.add(batch);
      }
    }
    return batches;
  }
}
