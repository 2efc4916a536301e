package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports into a real server, in a process that is killed again and again. */
class ImporterIT {
  private static final int ROWS = 40_000;

  @TempDir Path dir;
  private String address;
  private MilvusConnection server;
  private CollectionName target;

  @BeforeEach
  void connect() {
    address =
        Objects.requireNonNull(
            System.getenv("FERRY_IT_TARGET"), "FERRY_IT_TARGET names no live server");
    server = MilvusConnection.open(ConnectionSettings.parse(address));
    target = new CollectionName("default", "imported_" + Long.toString(System.nanoTime(), 36));
  }

  @AfterEach
  void leaveNothing() {
    try (MilvusConnection open = server) {
      if (open.target(target).exists()) {
        open.source(target).release();
        open.target(target).drop();
      }
    }
  }

  private static CollectionDescription products(int partitions) {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.VARCHAR,
            SampleRows.scalarFields(),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 16));
    return new CollectionDescription(
        new CollectionName("default", "products"),
        "goods",
        schema,
        List.of(
            new IndexSpec(
                "vector", "by_vector", "IVF_FLAT", "L2", new TreeMap<>(Map.of("nlist", "16")))),
        partitions == 1 ? List.of("_default") : List.of("_default", "blue"),
        0,
        List.of(),
        new TreeMap<>(),
        2,
        "Bounded",
        LoadState.LOADED,
        1,
        List.of());
  }

  private void archive(int rows) throws IOException {
    DiskArchive archive = new DiskArchive(dir.resolve("archive"));
    archive.add(products(2), rows / 2, 4 << 20);
    archive.seal();
  }

  private Process start(String staging) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ImportProcess.class.getName(),
            dir.resolve("archive").toString(),
            address,
            dir.resolve("state").toString(),
            staging,
            target.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("out").toFile()))
        .start();
  }

  private String output() throws IOException {
    return Files.exists(dir.resolve("out"))
        ? Files.readString(dir.resolve("out"), StandardCharsets.UTF_8)
        : "";
  }

  private void complete(String staging) throws Exception {
    Process process = start(staging);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(output()).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
  }

  private void assertWhole(int rows) {
    CollectionSource source = server.source(target);
    assertThat(source.loadState()).isEqualTo(LoadState.LOADED);
    assertThat(source.count()).contains((long) rows);
    assertThat(source.describe().partitions()).containsExactlyInAnyOrder("_default", "blue");
    assertThat(server.collections("default"))
        .noneMatch(name -> name.name().startsWith("ferry_probe_"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "in-place", "directory"})
  void rowsAreCompleteAndNoneIsTwiceHoweverOftenTheProcessIsKilled(String kind) throws Exception {
    int rows = kind.equals("none") ? ROWS / 4 : ROWS;
    archive(rows);
    String staging = kind;
    if (kind.equals("directory")) {
      staging = Files.createDirectories(dir.resolve("shared")).toString();
    }
    for (int kill = 1; kill <= 3; kill++) {
      Process process = start(staging);
      int before = lines("advanced");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (process.isAlive()
          && lines("advanced") < before + kill
          && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      Thread.sleep(100L * kill);
      process.destroyForcibly().waitFor();
    }
    complete(staging);
    assertWhole(rows);
    if (kind.equals("directory")) {
      try (Stream<Path> left = Files.list(dir.resolve("shared"))) {
        assertThat(left).isEmpty();
      }
    }
    complete(staging);
    assertThat(output()).contains("NOTHING_TO_DO");
    assertWhole(rows);
  }

  private int lines(String beginning) throws IOException {
    return (int) output().lines().filter(line -> line.startsWith(beginning)).count();
  }

  @Test
  void anUnindexedCollectionIsProvenAndLeftUnindexed() throws Exception {
    CollectionDescription plain = products(2);
    DiskArchive archive = new DiskArchive(dir.resolve("archive"));
    archive.add(ImportFixture.loaded(plain, LoadState.NOT_LOADED, List.of()), 500, 1 << 20);
    archive.seal();
    complete("none");
    assertThat(output()).contains("IMPORTED").contains("rows are the same");
    assertThat(server.source(target).describe().indexes()).isEmpty();
    assertThat(server.source(target).loadState()).isEqualTo(LoadState.NOT_LOADED);
  }
}
