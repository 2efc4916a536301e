package io.milvusferry.migration.live;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.SampleRows;
import io.milvusferry.verify.Comparison;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.ComparisonSettings;
import io.milvusferry.verify.ComparisonSide;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Two servers with a gateway between them, all in memory, and collections to migrate. */
final class LiveFixture {
  static final CollectionName SHOP = new CollectionName("default", "shop");
  static final StartOptions QUICK =
      new StartOptions(
          MigrationPhase.SHADOW,
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          1,
          Duration.ZERO,
          5,
          RepairLimit.USUAL,
          10,
          Duration.ofSeconds(60),
          0);

  private static final long SEED = 20_261_125;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  final FakeMilvus source = new FakeMilvus();
  final FakeMilvus target = new FakeMilvus();
  final SteppedPace pace = new SteppedPace();
  final FakeGateway gateway = new FakeGateway(source, target, pace);
  final SampleRows rows = new SampleRows(SEED);
  private final Path directory;

  LiveFixture(Path directory) {
    this.directory = directory;
  }

  LiveSetup setup() {
    return new LiveSetup(directory, gateway, source, target);
  }

  LiveMigration migration() {
    return new LiveMigration(setup(), pace, ProgressSink.NONE);
  }

  /** What is recorded of a collection. */
  LiveCollection recorded(CollectionName name) {
    LiveCollection found = LiveState.peek(directory).collections().get(name);
    return java.util.Objects.requireNonNull(found);
  }

  boolean isRecorded(CollectionName name) {
    return LiveState.peek(directory).collections().containsKey(name);
  }

  static CollectionSchema schema(boolean autoId) {
    CollectionSchema plain =
        SampleRows.schema(
            FieldType.INT64,
            List.of(FieldSpec.of("n", FieldType.INT64, Map.of())),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 4));
    return new CollectionSchema(
        plain.enableDynamicField(),
        plain.fields().stream()
            .map(field -> field.primaryKey() ? field.asPrimaryKey(autoId) : field)
            .toList());
  }

  /** A loaded collection at the source with a second partition, and rows in both. */
  void create(CollectionName name, int count) {
    source.target(name).create(CollectionDescriptions.of(name, schema(false)), Map.of());
    source.target(name).createPartition("b");
    index(source, name, source.source(name).schema());
    source.target(name).insert("_default", rows.rows(schema(false), 0, count));
    source.target(name).insert("b", rows.rows(schema(false), 1_000_000, count / 2));
  }

  static void index(MilvusServer server, CollectionName name, CollectionSchema schema) {
    FieldSpec vector =
        schema.fields().stream().filter(f -> f.type().isDenseVector()).findFirst().orElseThrow();
    server.target(name).createIndex(CollectionDescriptions.flatIndex(vector));
    server.source(name).load(1, PATIENCE);
  }

  static List<Key> keys(long... keys) {
    return LongStream.of(keys).<Key>mapToObj(Key.Int64::new).toList();
  }

  LiveResult start(StartOptions options) {
    return migration().start(NameFilter.ALL, this::copy, options);
  }

  /** Copies rows as they are now; begins anew when a copy of an earlier run is there. */
  void copy(CollectionName name, MirrorStatus mirror) {
    if (mirror.replaying()) {
      throw new IllegalStateException("the journal must be held while rows are copied");
    }
    CollectionSource from = source.source(name);
    CollectionDescription description = from.describe();
    if (target.target(name).exists()) {
      target.target(name).drop();
    }
    target.createDatabase(name.database(), Map.of());
    target.target(name).create(description, Map.of());
    for (String partition : description.partitions()) {
      target.target(name).createPartition(partition);
    }
    for (Slice slice : from.slices(1)) {
      try (BatchCursor cursor = from.scan(slice, Set.of())) {
        for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
          target.target(name).insert(slice.partition(), batch);
        }
      }
    }
    for (IndexSpec index : description.indexes()) {
      target.target(name).createIndex(index);
    }
    target.source(name).load(1, PATIENCE);
  }

  /** How the two sides differ now. */
  ComparisonResult difference(CollectionName name) {
    return new Comparison(
            name,
            new ComparisonSettings(1, 100, Set.of(), Duration.ZERO),
            ProgressSink.NONE,
            beyond -> {})
        .compare(ComparisonSide.of(source.source(name)), ComparisonSide.of(target.source(name)));
  }
}
