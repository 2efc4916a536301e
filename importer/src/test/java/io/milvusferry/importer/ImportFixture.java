package io.milvusferry.importer;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.SampleRows;
import io.milvusferry.verify.ComparisonSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** An archive and a server in memory, and imports of the one into the other. */
final class ImportFixture {
  static final CollectionName PRODUCTS = new CollectionName("default", "products");

  final Path directory;
  final TestClock clock = new TestClock();
  final MemoryArchive archive;
  final GrowingArchive grown;
  boolean growing;
  FakeMilvus server;
  boolean blind;
  Staging staging = new Staging.InPlace();
  OnExisting onExisting = OnExisting.FAIL;
  Publish publish = Publish.DIRECT;
  AutoId autoId = AutoId.KEEP_KEYS;
  Map<String, String> renames = Map.of();
  String intoDatabase = "";
  boolean strict;
  boolean compare = true;

  ImportFixture(Path directory) {
    this.directory = directory;
    this.archive = new MemoryArchive(directory.resolve("archive"));
    this.grown = new GrowingArchive(archive);
    this.server = server(FakeMilvus.EVERYTHING);
  }

  /** A server that reads the archive's parts, unless it is {@link #blind}. */
  FakeMilvus server(Capabilities capabilities) {
    return new FakeMilvus(
        capabilities,
        (file, schema) ->
            archive.read(blind ? file.resolveSibling("elsewhere").resolve("x") : file, schema));
  }

  /** How many rows a collection holds, duplicates counted, loaded or not. */
  long rows(CollectionName name) {
    CollectionSource source = server.source(name);
    if (source.loadState() == LoadState.LOADED) {
      return source.count().orElseThrow();
    }
    source.createTemporaryIndexes("of_the_test", Duration.ofSeconds(1));
    source.load(1, Duration.ofSeconds(1));
    long rows = source.count().orElseThrow();
    source.release();
    source.dropIndexes("of_the_test");
    return rows;
  }

  /** Puts a collection at the target that no import has made, indexed and loaded. */
  void foreign(CollectionDescription description, int firstKey, int rows) {
    CollectionTarget made = server.target(description.name());
    made.create(description, Map.of());
    if (rows > 0) {
      made.insert("_default", new SampleRows(9).rows(description.schema(), firstKey, rows));
    }
    description.indexes().forEach(made::createIndex);
    server.source(description.name()).load(1, Duration.ofSeconds(1));
  }

  /** An indexed and loaded collection with a few partitions. */
  static CollectionDescription described(CollectionName name, CollectionSchema schema) {
    return new CollectionDescription(
        name,
        "what it is",
        schema,
        List.of(new IndexSpec("vector", "by_vector", "HNSW", "L2", new TreeMap<>())),
        List.of("_default", "blue"),
        0,
        List.of("shop"),
        new TreeMap<>(Map.of("mmap.enabled", "true", "collection.ttl.seconds", "3600")),
        2,
        "Bounded",
        LoadState.LOADED,
        1,
        List.of());
  }

  static CollectionDescription described() {
    return described(PRODUCTS, MemoryArchive.schema(FieldType.INT64, false));
  }

  static CollectionDescription loaded(
      CollectionDescription one, LoadState state, List<IndexSpec> indexes) {
    return one.withIndexes(indexes).withLoadState(state, state == LoadState.LOADED ? 1 : 0);
  }

  ImportRequest request(MilvusServer target) {
    return new ImportRequest(
        directory.resolve("archive"),
        target,
        "http://target",
        directory.resolve("state"),
        NameFilter.ALL,
        new TargetNames(renames, intoDatabase),
        staging,
        onExisting,
        publish,
        autoId,
        strict,
        compare,
        OriginCheck.NONE,
        ProgressSink.NONE);
  }

  ImportResult run() {
    return run(server);
  }

  ImportResult run(MilvusServer target) {
    return importer().importArchive(request(target));
  }

  Importer importer() {
    return importer((root, request) -> growing ? grown : archive);
  }

  Importer importer(Importer.ArchiveOpener opener) {
    ImportLimits limits =
        new ImportLimits(
            2,
            10,
            1 << 20,
            5,
            3,
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            new ComparisonSettings(1, 10, Set.of(), Duration.ZERO));
    return new Importer(clock, new Random(42), clock, limits, opener);
  }
}
