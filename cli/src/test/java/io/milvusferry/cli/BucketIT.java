package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Milvus that keeps its segment files in a bucket, which is read by the real command. */
class BucketIT {
  private static final String SERVER = Live.variable("FERRY_IT_S3_SOURCE");
  private static final URI STORAGE = URI.create(Live.variable("FERRY_IT_S3"));
  private static final String BUCKET = Live.variable("FERRY_IT_S3_BUCKET");
  private static final String ROOT = Live.variable("FERRY_IT_S3_ROOT");
  private static final Path KEYS = Path.of(Live.variable("FERRY_IT_S3_CREDENTIALS"));
  private static final String CANARY = "wrong-canary-8c21";
  private static final CollectionSchema SCHEMA =
      SampleRows.schema(
          FieldType.INT64,
          SampleRows.scalarFields(),
          SampleRows.vector(FieldType.FLOAT_VECTOR, 16));
  private static final int ROWS = 1_000;

  /** First key of rows that come and go. */
  private static final long UNSEEN = 1_000_000;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Each way: an export of so many files lasts for seconds then. */
  private static final Duration FAR = Duration.ofMillis(50);

  /** Of the requests of an export, a part. */
  private static final long REQUESTED = 20_000;

  private static final MilvusServer MILVUS =
      MilvusConnection.open(ConnectionSettings.parse(SERVER));
  private static final CollectionName NAME =
      new CollectionName(
          CollectionName.DEFAULT_DATABASE, "it_bucket_" + Long.toString(System.nanoTime(), 36));
  private static final SampleRows SAMPLE = new SampleRows(LiveCase.SEED);

  @TempDir static Path shared;
  @TempDir Path dir;
  private FerryCommand ferry;
  private Path archive;

  /** Rows of two partitions in several segments, some of them deleted; the last are not flushed. */
  @BeforeAll
  static void fill() {
    Live.create(MILVUS, NAME, SCHEMA, "blue");
    insert("_default", 0);
    insert("blue", ROWS);
    MILVUS.source(NAME).ledger().orElseThrow().flush(PATIENCE);
    insert("blue", 2L * ROWS);
    MILVUS.target(NAME).delete("_default", keys(0, 500));
    MILVUS.target(NAME).delete("blue", keys(2L * ROWS, 2L * ROWS + 100));
  }

  private static void insert(String partition, long first) {
    MILVUS.target(NAME).insert(partition, SAMPLE.rows(SCHEMA, first, ROWS));
  }

  private static List<Key> keys(long first, long end) {
    return LongStream.range(first, end).<Key>mapToObj(Key.Int64::new).toList();
  }

  @AfterAll
  static void drop() {
    try (MILVUS) {
      MILVUS.source(NAME).release();
      MILVUS.target(NAME).drop();
    }
  }

  @BeforeEach
  void begin() {
    ferry = new FerryCommand(dir.resolve("home"));
    archive = dir.resolve("nightly");
  }

  @AfterEach
  void end() {
    ferry.close();
  }

  /**
   * A configuration with one profile, whose storage has these settings and those that are right.
   */
  private Path profile(Map<String, String> settings) throws IOException {
    Map<String, String> storage =
        new TreeMap<>(
            Map.of(
                "kind",
                "s3",
                "bucket",
                BUCKET,
                "rootPath",
                ROOT,
                "endpoint",
                STORAGE.toString(),
                "credentialsFile",
                KEYS.toString()));
    storage.putAll(settings);
    storage.values().removeIf(String::isEmpty);
    StringBuilder yaml = new StringBuilder("configVersion: 1\nprofiles:\n  cloud:\n");
    yaml.append("    uri: %s%n    storage:%n".formatted(SERVER));
    storage.forEach((key, value) -> yaml.append("      %s: %s%n".formatted(key, value)));
    return Files.writeString(dir.resolve("ferry.yaml"), yaml);
  }

  private Object[] export(Path config, Path to, String reader) {
    return new Object[] {
      "export",
      "--config",
      config,
      "--from",
      "cloud",
      "--to",
      to,
      "--only",
      NAME.name(),
      "--reader",
      reader
    };
  }

  /** The digests of all parts of an archive, by path. */
  private static Map<String, Digest> parts(Path archive) throws IOException {
    Map<String, Digest> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(archive.resolve("data"))) {
      for (Path part : files.filter(Files::isRegularFile).toList()) {
        digests.put(archive.relativize(part).toString(), Digest.ofFile(part));
      }
    }
    return digests;
  }

  /** The parts of an export by queries, which is made once. */
  private Map<String, Digest> queried() throws IOException {
    Path queries = shared.resolve("queries");
    if (Files.notExists(queries)) {
      FerryRun run = ferry.run(export(profile(Map.of()), queries, "api")).succeeds();
      assertThat(LiveCase.entry(run, NAME).get("rows").getAsLong()).isEqualTo(3L * ROWS - 600);
    }
    return parts(queries);
  }

  @Test
  void theFilesGiveThePartsThatQueriesGive() throws IOException {
    ferry.run(export(profile(Map.of()), archive, "storage")).succeeds();

    assertThat(parts(archive)).hasSizeGreaterThan(1).isEqualTo(queried());
    assertThat(Files.readString(archive.resolve("manifest.json")))
        .contains("snapshot")
        .doesNotContain(STORAGE.getAuthority(), "s3://");
    ferry.run("verify", archive).succeeds();
  }

  @Test
  void anExportGoesOnAfterTheStorageWasAway() throws IOException {
    FerryProcess cut;
    try (Relay relay = Relay.to(STORAGE.getPort())) {
      relay.delay(FAR);
      String far = "http://127.0.0.1:" + relay.port();
      cut = ferry.start(export(profile(Map.of("endpoint", far)), archive, "storage"));
      cut.when("files are read", () -> relay.fromClients() > REQUESTED);
    }
    assertThat(cut.await().fails(5, "STO-001").message())
        .contains("s3://%s/%s".formatted(BUCKET, ROOT));
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();

    ferry.run(export(profile(Map.of()), archive, "storage")).succeeds();
    assertThat(parts(archive)).isEqualTo(queried());
  }

  private FerryRun fails(Map<String, String> settings, int status, String code) throws IOException {
    FerryRun run =
        ferry.run(export(profile(settings), dir.resolve(code), "storage")).fails(status, code);
    assertThat(run.message()).contains("s3://");
    assertThat(dir.resolve(code).resolve("data")).doesNotExist();
    return run;
  }

  @Test
  void whatIsWrongWithTheStorageIsNamed() throws IOException {
    assertThat(fails(Map.of("bucket", "elsewhere"), 10, "STO-003").message())
        .contains("s3://elsewhere/", "NoSuchBucket");
    assertThat(fails(Map.of("rootPath", "files"), 8, "STO-005").hint()).contains("root");
    insert("blue", UNSEEN);
    MILVUS.target(NAME).delete("blue", keys(UNSEEN, UNSEEN + ROWS));
    assertThat(fails(Map.of("rootPath", "files"), 8, "STO-005").hint()).contains("root");
    assertThat(fails(Map.of("endpoint", "http://127.0.0.1:9"), 5, "STO-001").hint())
        .contains("endpoint");

    try (FerryCommand stranger =
        new FerryCommand(
            dir.resolve("stranger"),
            Map.of("AWS_ACCESS_KEY_ID", "ferry-lab", "AWS_SECRET_ACCESS_KEY", CANARY))) {
      Path config = profile(Map.of("credentialsFile", ""));
      FerryRun run = stranger.run(export(config, archive, "storage")).fails(7, "STO-002");
      assertThat(run.message()).contains("SignatureDoesNotMatch");
      assertThat(run.hint()).contains("keys");
      assertThat(run.out() + run.err()).doesNotContain(CANARY);
    }
  }
}
