package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Exports from the segment files of real servers, whole ones and damaged ones. */
class SegmentFilesIT extends LiveCase {
  private static final int ROWS = 30_000;

  /** Slow enough that a kill hits the middle of the work. */
  private static final String SLOW = "3M";

  private Object[] export(Path archive, String reader, Path storage, Object... further)
      throws IOException {
    return export(Live.sourceUri(), archive, reader, storage, further);
  }

  private Object[] export(String uri, Path archive, String reader, Path storage, Object... further)
      throws IOException {
    Path config =
        Files.writeString(
            dir.resolve("ferry.yaml"),
            """
            configVersion: 1
            profiles:
              here:
                uri: %s
                storage: { kind: directory, path: %s }
            """
                .formatted(uri, storage));
    List<Object> words =
        new ArrayList<>(List.of("export", "--config", config, "--from", "here", "--to", archive));
    words.addAll(List.of("--reader", reader, "--only", live.all()));
    words.addAll(List.of(further));
    return words.toArray();
  }

  private static Path sourceData() {
    return Path.of(Live.variable("FERRY_IT_SOURCE_DATA"));
  }

  private static CollectionSchema schema(int dimension) {
    return SampleRows.schema(
        FieldType.INT64,
        List.of(FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "200"))),
        SampleRows.vector(FieldType.FLOAT_VECTOR, dimension));
  }

  private static List<Key> keys(LongStream numbers) {
    return numbers.<Key>mapToObj(Key.Int64::new).toList();
  }

  /** Some rows are replaced, and some deleted, also of those that are replaced. */
  private void change(CollectionName name, String partition, SampleRows sample) {
    var target = live.source().target(name);
    CollectionSchema schema = live.source().source(name).schema();
    target.upsert(partition, sample.rows(schema, 100, 300));
    target.delete(partition, keys(LongStream.range(200, 250)));
    target.delete(partition, keys(LongStream.range(1_000, 1_400).filter(key -> key % 3 == 0)));
    target.insert(partition, sample.rows(schema, 1_002, 1));
  }

  private CollectionName make(int dimension) {
    CollectionName name = live.create("files", schema(dimension), "blue", "green", "red");
    SampleRows sample = new SampleRows(SEED);
    live.fill(name, "blue", sample, 0, ROWS / 3);
    live.fill(name, "green", sample, 1_000_000, ROWS / 3);
    live.fill(name, "red", sample, 2_000_000, ROWS / 3);
    change(name, "blue", sample);
    return name;
  }

  @Test
  void partsOfCollectionsOfAllTypesAreThoseThatQueriesGiveAndNeedNoLoadedCollection()
      throws IOException {
    List<CollectionName> names = new ArrayList<>();
    for (FieldType key : List.of(FieldType.INT64, FieldType.VARCHAR)) {
      CollectionSchema schema =
          SampleRows.schema(
              key, SampleRows.scalarFields(), SampleRows.vector(FieldType.FLOAT_VECTOR, 16));
      CollectionName name = live.create("all" + names.size(), schema, "blue");
      SampleRows sample = new SampleRows(SEED + names.size());
      live.fill(name, "_default", sample, -2_000, 5_000);
      live.fill(name, "blue", sample, 100_000, 3_000);
      names.add(name);
    }
    names.add(make(32));
    Path queried = dir.resolve("queried");
    ferry.run(export(queried, "api", sourceData())).succeeds();
    for (CollectionName name : names) {
      live.source().source(name).release();
    }
    Path read = dir.resolve("read");

    FerryRun run = ferry.run(export(read, "auto", sourceData())).succeeds();

    assertThat(run.value("consistency")).isEqualTo("SNAPSHOT");
    assertThat(parts(read)).isEqualTo(parts(queried)).hasSizeGreaterThanOrEqualTo(5);
    ferry.run("verify", read).succeeds();
  }

  /** The lines of the manifest that are of parts: digest and path of each. */
  private static List<String> parts(Path archive) throws IOException {
    return Files.readAllLines(archive.resolve("manifest-sha256.txt")).stream()
        .filter(line -> line.contains(".parquet"))
        .toList();
  }

  @Test
  void anExportThatIsKilledReadsTheRestAsOfTheSameMomentWhateverWasWrittenSince()
      throws IOException {
    CollectionName name = make(64);
    Path whole = dir.resolve("whole");
    ferry.run(export(whole, "storage", sourceData())).succeeds();
    Path archive = dir.resolve("killed");
    Object[] words = export(archive, "storage", sourceData(), "--read-limit", SLOW);
    for (int run = 0; run < 3; run++) {
      int cuts = run;
      FerryProcess process = ferry.start(words);
      process.when("part " + run + " is done", () -> cuts(archive) > cuts);
      assertThat(process.kill()).as("run %s was killed while it worked", run).isTrue();
      change(name, run == 0 ? "green" : "red", new SampleRows(SEED + 1 + run));
      live.source().target(name).delete("blue", keys(LongStream.range(3_000 + run, 9_000)));
    }
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();
    live.source().source(name).flush(Live.PATIENCE);

    ferry.run(words).succeeds();

    assertThat(parts(archive)).isEqualTo(parts(whole)).hasSizeGreaterThanOrEqualTo(3);
    ferry.run("verify", archive).succeeds();
  }

  /** Rows that are flushed again and again have keys all over, as texts of chance have. */
  @Test
  void keysThatAreAllOverAreSortedOnDiskWhereMemoryIsShort() throws IOException {
    CollectionSchema schema = schema(768);
    CollectionName name = live.create("allover", schema);
    SampleRows sample = new SampleRows(SEED);
    int flushes = 4;
    for (int flush = 0; flush < flushes; flush++) {
      int first = flush;
      for (int batch = 0; batch < 5; batch++) {
        RecordBatch rows = sample.rows(schema, batch * 8_000L, 8_000);
        int[] some = IntStream.range(0, 2_000).map(row -> row * flushes + first).toArray();
        live.source().target(name).insert("_default", rows.select(some));
      }
      live.source().source(name).flush(Live.PATIENCE);
    }
    Path roomy = dir.resolve("roomy");
    ferry.run(export(roomy, "storage", sourceData())).succeeds();
    Path tight = dir.resolve("tight");
    Map<String, String> memory = Map.of("FERRY_JAVA_OPTS", "-Xmx400m");
    try (FerryCommand small = new FerryCommand(dir.resolve("small"), memory)) {
      small.run(export(tight, "storage", sourceData())).succeeds();
    }

    assertThat(parts(tight)).isEqualTo(parts(roomy)).isNotEmpty();
    try (Stream<Path> files = Files.walk(tight)) {
      assertThat(files.filter(file -> file.toString().endsWith(".partial"))).isEmpty();
    }
  }

  private static long cuts(Path archive) {
    try {
      Path journal = archive.resolve("ferry.journal");
      return Files.exists(journal)
          ? Files.readString(journal).lines().filter(line -> line.contains("\"cut\"")).count()
          : 0;
    } catch (IOException e) {
      return 0; // being written: look again
    }
  }

  @Test
  void filesThatAreNotThoseOfTheServerAreNamedAndNoSmallerArchiveIsMade() throws IOException {
    CollectionName name = make(8);
    ferry.run(export(dir.resolve("good"), "storage", sourceData())).succeeds();
    long collection = live.source().source(name).identity().id();

    FerryRun foreign = refused(Path.of(Live.variable("FERRY_IT_TARGET_DATA")), 8, "STO-005");
    assertThat(foreign.message()).contains(name.name(), "rows");
    refused(sourceData().resolve("insert_log"), 8, "STO-005");
    Path nowhere = dir.resolve("nowhere");
    assertThat(refused(nowhere, 10, "STO-003").message()).contains(nowhere.toString());

    Path torn = copied(collection, "torn");
    Path file = rows(torn);
    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(cut.length() - 100);
    }
    assertThat(refused(torn, 6, "STO-007").message()).contains(file.getFileName().toString());

    ferry.run(export(dir.resolve("auto"), "auto", torn)).fails(6, "STO-007");

    Path flipped = copied(collection, "flipped");
    try (RandomAccessFile file1 = new RandomAccessFile(rows(flipped).toFile(), "rw")) {
      file1.writeInt(0);
    }
    refused(flipped, 6, "STO-007");

    Path missing = copied(collection, "missing");
    Files.delete(rows(missing));
    assertThat(refused(missing, 6, "STO-006").message()).contains("segment");

    Path segmentless = copied(collection, "segmentless");
    delete(rows(segmentless).resolve("../..").normalize());
    refused(segmentless, 6, "STO-006");

    Path swapped = copied(collection, "swapped");
    List<Path> files = vectors(swapped);
    Files.copy(files.get(files.size() - 1), files.get(0), StandardCopyOption.REPLACE_EXISTING);
    assertThat(refused(swapped, 6, "STO-007").message()).contains("segment");

    Path doubled = copied(collection, "doubled");
    try (Stream<Path> fields = Files.list(rows(doubled).resolve("../..").normalize())) {
      for (Path field : fields.toList()) {
        Files.copy(first(field), field.resolve("999999999999999999"));
      }
    }
    assertThat(refused(doubled, 6, "STO-010").message()).contains("but the server says");
  }

  /** An export from there fails so. */
  private FerryRun refused(Path storage, int status, String code) throws IOException {
    Path archive = dir.resolve("refused");
    FerryRun run = ferry.run(export(archive, "storage", storage)).fails(status, code);
    assertThat(run.out()).as("the hint").containsAnyOf("--reader api", "localStorage.path");
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();
    delete(archive);
    return run;
  }

  /** The first file of the vectors of one segment. */
  private static Path rows(Path storage) throws IOException {
    return vectors(storage).get(0);
  }

  private static List<Path> vectors(Path storage) throws IOException {
    var ofVectors = FileSystems.getDefault().getPathMatcher("glob:**/insert_log/*/*/*/102/*");
    try (Stream<Path> all = Files.walk(storage)) {
      return all.filter(ofVectors::matches).sorted().toList();
    }
  }

  private static Path first(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }

  /** A copy of the files of one collection. */
  private Path copied(long collection, String to) throws IOException {
    Path copy = dir.resolve(to);
    for (String kind : List.of("insert_log", "delta_log")) {
      Path from = sourceData().resolve(kind + "/" + collection);
      try (Stream<Path> all = Files.walk(from)) {
        for (Path path : all.filter(Files::isRegularFile).toList()) {
          Path target = copy.resolve(sourceData().relativize(path).toString());
          Files.createDirectories(target.getParent());
          Files.copy(path, target);
        }
      }
    }
    return copy;
  }

  @Test
  void aServerThatDoesNotTellWhatItsFilesHoldIsReadByQueries() throws IOException {
    String uri = Live.variable("FERRY_IT_OLD");
    Path data = Files.createDirectory(dir.resolve("data"));
    CollectionName name = live.name("old");
    try (MilvusServer old = MilvusConnection.open(ConnectionSettings.parse(uri))) {
      Live.create(old, name, schema(8));
      try {
        CollectionSchema schema = old.source(name).schema();
        old.target(name).insert("_default", new SampleRows(SEED).rows(schema, 0, 500));
        FerryRun refused =
            ferry.run(export(uri, dir.resolve("none"), "storage", data)).fails(8, "STO-011");
        assertThat(refused.message()).contains("2.2.16");

        FerryRun run = ferry.run(export(uri, dir.resolve("queried"), "auto", data)).succeeds();

        assertThat(entry(run, name).get("rows").getAsInt()).isEqualTo(500);
        assertThat(run.err()).contains("reading by queries");
      } finally {
        old.source(name).release();
        old.target(name).drop();
      }
    }
  }

  /** More seeds are tried by scripts/moments. */
  @Test
  void noRowIsLostOrStaleAndNoDeletedOneKeptWhileClientsWriteFlushAndCompact() throws Exception {
    Path sweep = Path.of(Live.variable("FERRY_IT_FERRY")).resolveSibling("lab/momentsweep.py");
    List<String> words = new ArrayList<>(List.of("python3", sweep.toString()));
    words.addAll(List.of("--uri", Live.sourceUri(), "--data", sourceData().toString()));
    words.addAll(
        List.of("--seeds", "1-2", "--exports", "2", "--keep", dir.resolve("kept").toString()));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().filter(line -> line.contains("\"ok\": true"))).as(said).hasSize(4);
  }
}
