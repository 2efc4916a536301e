package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Kills the real command again and again, at work on two Milvus servers and OpenSSH; the same
 * command completes its work.
 */
class KilledIT extends LiveCase {
  private static final int ROWS = 60_000;
  private static final List<String> PARTITIONS = List.of("p1", "p2", "p3", "p4", "p5");

  /** Slow enough that a kill hits the middle of the work. */
  private static final String SLOW = "4M";

  /** A collection of six partitions of different sizes. */
  private CollectionName make(int rows) {
    CollectionSchema schema =
        SampleRows.schema(
            FieldType.INT64,
            List.of(FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "200"))),
            SampleRows.vector(FieldType.FLOAT_VECTOR, 64));
    CollectionName name = live.create("killed", schema, PARTITIONS.toArray(String[]::new));
    SampleRows sample = new SampleRows(SEED);
    int share = rows / 10;
    for (int i = 0; i < PARTITIONS.size(); i++) {
      live.fill(name, PARTITIONS.get(i), sample, (i + 1) * 1_000_000L, share);
    }
    live.fill(name, "_default", sample, 0, rows - share * PARTITIONS.size());
    return name;
  }

  /** Kills runs of a command, each at its moment, which comes while the command runs. */
  private void killAt(Object[] words, BooleanSupplier... moments) {
    for (int i = 0; i < moments.length; i++) {
      FerryProcess process = ferry.start(words);
      process.when("moment " + (i + 1) + " comes", moments[i]);
      assertThat(process.kill()).as("run %s was killed while it worked", i + 1).isTrue();
    }
  }

  /** Lines of files below a directory that contain a word; 0 while there is none. */
  private static long lines(Path directory, String file, String word) {
    if (!Files.exists(directory)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      long found = 0;
      for (Path path : all.filter(p -> p.getFileName().toString().endsWith(file)).toList()) {
        found += count(path, word);
      }
      return found;
    } catch (IOException | UncheckedIOException e) {
      return 0; // changed while it was walked: look again
    }
  }

  private static long count(Path file, String word) throws IOException {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> line.contains(word))
          .count();
    } catch (NoSuchFileException expected) {
      return 0; // removed meanwhile
    }
  }

  private void assertEqualAtTarget(Path archive, CollectionName name) {
    live.assertTargetHas(name, ROWS);
    FerryRun compared =
        ferry.run("compare", archive, Live.targetUri(), "--only", live.all()).succeeds();
    assertThat(compared.result().get("findings").getAsInt()).isZero();
  }

  @Test
  void everyStepIsCompletedByTheSameCommandHoweverOftenItWasKilled() throws Exception {
    CollectionName name = make(ROWS);
    Path whole = export("whole");
    Path archive = exportKilled(whole);
    String bundle = shipKilled(archive);
    Path received = receiveKilled(bundle);
    importKilled(received, name);
  }

  private Path exportKilled(Path whole) throws IOException {
    Path archive = dir.resolve("killed");
    Object[] words = exportTo(archive, "--read-limit", SLOW, "--jobs", "1");
    killAt(
        words,
        () -> lines(archive, "ferry.journal", "start") > 0,
        () -> lines(archive, "ferry.journal", "\"cut\"") > 0,
        () -> lines(archive, "ferry.journal", "\"cut\"") > 2,
        () -> lines(archive, "ferry.journal", "\"cut\"") > 4);
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();
    assertThat(ferry.run("verify", archive).fails(6, "ARC-002").message()).contains("killed");
    ferry.run(words).succeeds();
    assertThat(archive.resolve("manifest-sha256.txt"))
        .as("the parts are the same as those of an export that nobody killed")
        .hasSameTextualContentAs(whole.resolve("manifest-sha256.txt"));
    assertThat(archive.resolve("ferry.journal")).doesNotExist();
    ferry.run("verify", archive).succeeds();
    return archive;
  }

  private String shipKilled(Path archive) {
    Object[] words =
        overSsh(
            "ship", archive, "--to", Live.sftp(inbox()), "--bwlimit", SLOW, "--connections", "2");
    Path journals = ferry.state().resolve("ship");
    killAt(
        words,
        () -> lines(journals, ".journal", " acknowledged ") > 0,
        () -> lines(journals, ".journal", " chunk ") > 0,
        () -> lines(journals, ".journal", " chunk ") > 2,
        () -> lines(journals, ".journal", " chunk ") > 4);
    assertThat(remote("bundle.json")).as("bundles that look finished").isZero();
    long finished = lines(journals, ".journal", " chunk ");
    FerryRun shipped = ferry.run(words).succeeds();
    long chunks = shipped.result().get("chunks").getAsLong();
    assertThat(shipped.result().get("chunksSent").getAsLong())
        .as("chunks of %s that were sent now, %s having been finished", chunks, finished)
        .isLessThanOrEqualTo(chunks - finished);
    assertThat(remote("bundle.json")).isOne();
    assertThat(remote(".partial")).isZero();
    assertThat(ferry.run(words).succeeds().result().get("chunksSent").getAsInt()).isZero();
    return shipped.value("bundle");
  }

  /** Files in the inbox in whose names this occurs. */
  private long remote(String word) {
    if (!Files.exists(inbox())) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(inbox())) {
      return all.filter(path -> path.getFileName().toString().contains(word)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path receiveKilled(String bundle) {
    Path received = dir.resolve("received");
    Object[] words =
        overSsh("receive", bundle, "--to", received, "--bwlimit", SLOW, "--connections", "2");
    Path journals = ferry.state().resolve("receive");
    long chunks = remote("chunk-");
    killAt(
        words,
        () -> lines(journals, ".journal", " unpacked ") > 0,
        () -> lines(journals, ".journal", " unpacked ") > chunks / 4,
        () -> lines(journals, ".journal", " unpacked ") > chunks / 2,
        () -> lines(journals, ".journal", " unpacked ") > chunks * 2 / 3);
    assertThat(received.resolve("tagmanifest-sha256.txt")).doesNotExist();
    ferry.run("import", received, "--into", Live.targetUri()).fails(6, "ARC-002");
    FerryRun receipt = ferry.run(words).succeeds();
    assertThat(receipt.result().get("bytesFetched").getAsLong())
        .as("bytes fetched by the last run, most chunks having been unpacked before")
        .isLessThan(receipt.result().get("wireBytes").getAsLong() / 2);
    ferry.run("verify", received).succeeds();
    return received;
  }

  private void importKilled(Path received, CollectionName name) {
    Object[] words = {"import", received, "--into", Live.targetUri(), "--staging", "in-place"};
    Path journals = ferry.state().resolve("import");
    killAt(
        words,
        () -> lines(journals, "journal", "\"creating\"") > 0,
        () -> lines(journals, "journal", "\"submitting\"") > 0,
        () -> lines(journals, "journal", "\"submitted\"") > 1,
        () -> lines(journals, "journal", "\"loaded\"") > 2);
    ferry.run(words).succeeds();
    assertEqualAtTarget(received, name);
    FerryRun again = ferry.run(words).succeeds();
    assertThat(entry(again, name).get("status").getAsString()).isEqualTo("nothing-to-do");
    live.assertTargetHas(name, ROWS);
  }

  @Test
  void anImportByInsertsThatIsKilledInsertsNoRowTwice() {
    int rows = 20_000;
    CollectionName name = make(rows);
    Path archive = export("nightly");
    Object[] words = {"import", archive, "--into", Live.targetUri()};
    Path journals = ferry.state().resolve("import");
    killAt(
        words,
        () -> lines(journals, "journal", "\"inserting\"") > 0,
        () -> lines(journals, "journal", "\"inserted\"") > 1,
        () -> lines(journals, "journal", "\"inserting\"") > 4,
        () -> lines(journals, "journal", "\"loaded\"") > 4);
    ferry.run(words).succeeds();
    live.assertTargetHas(name, rows);
    ferry.run("compare", archive, Live.targetUri(), "--only", live.all()).succeeds();
  }

  @Test
  void aCommandThatIsAskedToStopSaysSoAndResumes() {
    CollectionName name = make(ROWS);
    Path archive = dir.resolve("nightly");
    Object[] export = exportTo(archive, "--read-limit", SLOW);
    stop(export, () -> lines(archive, "ferry.journal", "\"cut\"") > 0);
    assertThat(archive.resolve("tagmanifest-sha256.txt")).doesNotExist();
    ferry.run(exportTo(archive)).succeeds();

    Object[] ship = overSsh("ship", archive, "--to", Live.sftp(inbox()), "--bwlimit", SLOW);
    stop(ship, () -> lines(ferry.state().resolve("ship"), ".journal", " chunk ") > 0);
    assertThat(remote("bundle.json")).isZero();
    String bundle = ferry.run(ship).succeeds().value("bundle");

    Path received = dir.resolve("received");
    Object[] receive = overSsh("receive", bundle, "--to", received, "--bwlimit", SLOW);
    stop(receive, () -> lines(ferry.state().resolve("receive"), ".journal", " unpacked ") > 0);
    assertThat(received.resolve("tagmanifest-sha256.txt")).doesNotExist();
    ferry.run(receive).succeeds();

    Object[] words = {"import", received, "--into", Live.targetUri(), "--staging", "in-place"};
    stop(words, () -> lines(ferry.state().resolve("import"), "journal", "\"submitted\"") > 0);
    ferry.run(words).succeeds();
    assertEqualAtTarget(received, name);
  }

  private void stop(Object[] words, BooleanSupplier moment) {
    FerryProcess process = ferry.start(words);
    process.when("the moment to stop comes", moment);
    FerryRun run = process.terminate().endsWith(143);
    assertThat(run.value("exit")).isEqualTo("143");
    assertThat(run.err()).contains("run the same command again to resume").doesNotContain("\tat ");
  }
}
