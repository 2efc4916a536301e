package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Milvus servers, archives and collections that are not what they should be: it is said, and
 * nothing is lost.
 */
class BadInputIT extends LiveCase {
  private static final String NOBODY = "no-such-host.invalid";
  private static final String SECRET = "wrong-canary-3f9a";

  private static CollectionSchema schema(int dimension) {
    return SampleRows.schema(
        FieldType.INT64,
        List.of(FieldSpec.of("n", FieldType.INT64, Map.of())),
        SampleRows.vector(FieldType.FLOAT_VECTOR, dimension));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A sealed archive of one collection, {@code sample}. */
  private Path bag(long... partBytes) throws IOException {
    Path archive = dir.resolve("bag");
    assertThat(SampleBag.write(archive, SEED, partBytes)).isNotNull();
    return archive;
  }

  @Test
  void aServerWhoseNameNobodyKnowsIsNotFound() throws IOException {
    String uri = "http://%s:19530".formatted(NOBODY);
    Path archive = dir.resolve("nightly");
    FerryRun exported = ferry.run("export", "--from", uri, "--to", archive).fails(10, "MIL-012");
    assertThat(exported.message()).contains(NOBODY);
    assertThat(archive).doesNotExist();
    ferry.run("import", bag(1_000), "--into", uri).fails(10, "MIL-012");
    ferry.run("compare", Live.sourceUri(), uri).fails(10, "MIL-012");
  }

  @Test
  void aPortWhereNothingListensIsUnreachableForNow() throws IOException {
    String uri = "http://127.0.0.1:" + freePort();
    FerryRun exported =
        ferry.run("export", "--from", uri, "--to", dir.resolve("nightly")).fails(5, "MIL-001");
    assertThat(exported.message()).contains(uri.substring("http://".length()));
    ferry.run("import", bag(1_000), "--into", uri).fails(5, "MIL-001");
  }

  @Test
  void aWrongPasswordIsRefusedAndNeverShown() throws IOException {
    String uri = Live.variable("FERRY_IT_SECURED");
    Path home = dir.resolve("wrong");
    try (FerryCommand wrong = new FerryCommand(home, Map.of("FERRY_PASSWORD", SECRET))) {
      FerryRun run =
          wrong
              .run(
                  "export",
                  "--from",
                  uri,
                  "--to",
                  dir.resolve("nightly"),
                  "--stacktrace",
                  "--verbose")
              .endsWith(7);
      assertThat(run.out() + run.err()).contains("MIL-002").doesNotContain(SECRET);
      wrong.run("import", bag(1_000), "--into", uri).fails(7, "MIL-002");
    }
    ferry.run("export", "--from", uri, "--to", dir.resolve("nightly")).fails(7, "MIL-002");
    try (FerryCommand right = new FerryCommand(home, Map.of("FERRY_PASSWORD", "Milvus"))) {
      right
          .run("export", "--from", uri, "--to", dir.resolve("none"), "--only", live.all())
          .fails(10, "CFG-004");
    }
  }

  @Test
  void aCollectionThatIsNotThereIsNotFoundAndNoArchiveIsMade() {
    Path archive = dir.resolve("nightly");
    ferry.run(exportTo(archive)).fails(10, "CFG-004");
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();
  }

  @Test
  void anArchiveThatLacksAPartIsRefusedByNameEverywhere() throws IOException {
    Path archive = bag(5_000, 6_000);
    String part = "data/0001-sample/p0000/part-00001.parquet";
    Files.delete(archive.resolve(part));
    FerryRun verified = ferry.run("verify", archive).fails(6, "ARC-003");
    assertThat(verified.message()).contains(part + " is missing");
    assertThat(verified.result().get("complete").getAsBoolean()).isFalse();
    assertThat(
            ferry.run("import", archive, "--into", Live.targetUri()).fails(6, "ARC-003").message())
        .contains(part);
    ferry.run(overSsh("ship", archive, "--to", Live.sftp(inbox()))).fails(6, "ARC-003");
  }

  @Test
  void anArchiveOfALaterFormatIsRefusedWithBothVersions() throws IOException {
    Path archive = bag(5_000);
    Path manifest = archive.resolve("manifest.json");
    replace(manifest, "\"formatVersion\": 1", "\"formatVersion\": 2");
    reseal(archive, manifest);
    for (Object[] words :
        List.of(
            new Object[] {"verify", archive},
            new Object[] {"inspect", archive},
            new Object[] {"import", archive, "--into", Live.targetUri()},
            new Object[] {"compare", archive, Live.targetUri()})) {
      FerryRun run = ferry.run(words).fails(8, "ARC-004");
      assertThat(run.message()).contains("version 2").contains("up to 1");
    }
  }

  private static void replace(Path file, String what, String with) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(what);
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.writeString(file, before.replace(what, with));
  }

  /** Seals an archive again after a tag file was changed, as a later release would have. */
  private static void reseal(Path archive, Path changed) throws IOException {
    Path seal = archive.resolve("tagmanifest-sha256.txt");
    String name = archive.relativize(changed).toString();
    String line =
        Files.readString(seal)
            .lines()
            .filter(one -> one.endsWith("  " + name))
            .findFirst()
            .orElseThrow();
    replace(seal, line, Digest.ofFile(changed).hex() + "  " + name);
  }

  @Test
  void aTargetThatExistsWithAnotherSchemaIsAConflictAndKeepsItsRows() throws IOException {
    CollectionName taken = Live.create(live.target(), live.name("taken"), schema(4));
    live.target().target(taken).insert("_default", new SampleRows(SEED).rows(schema(4), 0, 10));
    Path archive = bag(5_000);
    Object[] words = {
      "import", archive, "--into", Live.targetUri(), "--rename", "sample=" + taken.name()
    };
    FerryRun run = ferry.run(words).endsWith(9);
    assertThat(run.message()).contains(taken.name());
    Object[] append = {
      "import",
      archive,
      "--into",
      Live.targetUri(),
      "--rename",
      "sample=" + taken.name(),
      "--on-existing",
      "append"
    };
    assertThat(ferry.run(append).fails(9, "IMP-002").message()).contains(taken.name());
    live.assertTargetHas(taken, 10);
  }

  @Test
  void twoExportsIntoOneDirectoryDoNotMix() {
    CollectionName name = live.create("locked", schema(64));
    live.fill(name, "_default", new SampleRows(SEED), 0, 20_000);
    Path archive = dir.resolve("nightly");
    FerryProcess first = ferry.start(exportTo(archive, "--read-limit", "2M"));
    first.when("the first export works", () -> Files.exists(archive.resolve("ferry.journal")));
    assertThat(ferry.run(exportTo(archive)).fails(11, "GEN-006").message()).contains("nightly");
    first.await().succeeds();
    ferry.run("verify", archive).succeeds();
  }

  @Test
  void aSourceThatIsDroppedDuringTheExportLeavesNoArchive() {
    CollectionName name = live.create("dropped", schema(64));
    live.fill(name, "_default", new SampleRows(SEED), 0, 40_000);
    Path archive = dir.resolve("nightly");
    FerryProcess export = ferry.start(exportTo(archive, "--read-limit", "2M", "--jobs", "1"));
    export.when("the first rows are on disk", () -> journal(archive).contains("\"cut\""));
    live.source().source(name).release();
    live.source().target(name).drop();
    FerryRun run = export.await().endsWith(10);
    assertThat(run.message()).contains(name.name());
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();

    // Another one under its name is not it.
    assertThat(live.create("dropped", schema(64))).isEqualTo(name);
    live.fill(name, "_default", new SampleRows(SEED + 1), 0, 1_000);
    assertThat(ferry.run(exportTo(archive)).fails(10, "EXP-004").message()).contains(name.name());
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();
  }

  private static String journal(Path archive) {
    try {
      Path journal = archive.resolve("ferry.journal");
      return Files.exists(journal) ? Files.readString(journal) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aSourceThatIsWrittenToDuringTheExportMakesItFuzzyAndThatIsSaid() {
    CollectionName name = live.create("written", schema(64));
    live.fill(name, "_default", new SampleRows(SEED), 0, 40_000);
    Path archive = dir.resolve("nightly");
    FerryProcess export = ferry.start(exportTo(archive, "--read-limit", "2M", "--jobs", "1"));
    Path part =
        archive.resolve(ArchiveLayout.partPath(ArchiveLayout.directoryName(1, name.name()), 0, 0));
    export.when("the first rows are read", () -> Files.exists(AtomicFile.partial(part)));
    live.fill(name, "_default", new SampleRows(SEED), 1_000_000, 500);
    FerryRun run = export.await().succeeds();
    assertThat(run.value("consistency")).isEqualTo("FUZZY");
    assertThat(ferry.say("inspect", archive).succeeds().out()).contains("consistency  fuzzy");
  }
}
