package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Collections from one real server to another, several at once, whatever becomes of the command.
 */
class MigrateIT extends LiveCase {
  /** Enough that the server loads parts itself. */
  private static final int BULK = 20_100;

  private final Map<CollectionName, Integer> rows = new LinkedHashMap<>();

  private static CollectionSchema every(FieldType key, FieldType vector, int dimension) {
    return SampleRows.schema(key, SampleRows.scalarFields(), SampleRows.vector(vector, dimension));
  }

  private static CollectionSchema keyedWithMadeUpKeys(CollectionSchema schema) {
    return new CollectionSchema(
        schema.enableDynamicField(),
        schema.fields().stream()
            .map(field -> field.primaryKey() ? field.asPrimaryKey(true) : field)
            .map(field -> field.name().equals("f_varchar") ? field.asPartitionKey() : field)
            .toList());
  }

  private void make(String suffix, CollectionSchema schema, int count, String... partitions) {
    CollectionName name = live.create(suffix, schema, partitions);
    SampleRows sample = new SampleRows(SEED + rows.size());
    boolean keyed = schema.partitionKey().isPresent();
    int share = count / (partitions.length + 1);
    if (count > 0) {
      live.fill(
          name, keyed ? "" : "_default", sample, -share / 2, count - share * partitions.length);
    }
    for (int i = 0; i < partitions.length; i++) {
      live.fill(name, partitions[i], sample, 100_000L * (i + 1), share);
    }
    rows.put(name, count);
  }

  private Object[] migrate(Object... further) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "migrate",
                "--from",
                Live.sourceUri(),
                "--into",
                Live.targetUri(),
                "--only",
                live.all()));
    words.addAll(List.of(further));
    return words.toArray();
  }

  private Path staging() throws IOException {
    return Files.createDirectories(dir.resolve("staging"));
  }

  private void assertSame() throws IOException {
    rows.forEach((name, count) -> live.assertTargetHas(name, count));
    FerryRun compared =
        ferry.run("compare", Live.sourceUri(), Live.targetUri(), "--only", live.all()).succeeds();
    assertThat(compared.result().getAsJsonArray("collections")).hasSize(rows.size());
    assertThat(compared.result().get("findings").getAsInt()).isZero();
    assertThat(staging()).isEmptyDirectory();
    try (Stream<Path> files = Files.walk(dir)) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet"))).isEmpty();
    }
  }

  private static String status(FerryRun run, CollectionName name) {
    return entry(run, name).get("status").getAsString();
  }

  @Test
  void oneOfManyFailsAndTheNextRunTakesUpWhatIsMissing() throws IOException {
    CollectionSchema numbers = every(FieldType.INT64, FieldType.FLOAT_VECTOR, 16);
    CollectionSchema texts = every(FieldType.VARCHAR, FieldType.FLOAT_VECTOR, 8);
    make("int64", numbers, BULK, "blue", "green");
    make("varchar", texts, 3_000, "blue");
    make("binary", every(FieldType.INT64, FieldType.BINARY_VECTOR, 64), BULK);
    // Milvus 2.3.5 builds no index on a bigger segment of them, and so cannot load it.
    make("fp16", every(FieldType.VARCHAR, FieldType.FLOAT16_VECTOR, 8), 800);
    make("keyed", keyedWithMadeUpKeys(numbers), 2_000);
    make("empty", numbers, 0, "blue");
    CollectionName varchar = live.name("varchar");
    Live.create(live.target(), varchar, numbers);

    Object[] words = migrate("--jobs", 3, "--staging", staging());
    FerryRun first = ferry.run(words).fails(3, "GEN-007");
    assertThat(first.message()).contains("1 of 6 collections").contains(varchar.name());
    for (CollectionName name : rows.keySet()) {
      JsonObject entry = entry(first, name);
      boolean failed = name.equals(varchar);
      assertThat(entry.get("status").getAsString())
          .as("%s", entry)
          .isEqualTo(failed ? "failed" : "imported");
      assertThat(entry.get("equal").getAsBoolean()).as("%s", entry).isEqualTo(!failed);
      if (!failed) {
        assertThat(entry.get("rows").getAsLong()).isEqualTo(rows.get(name).longValue());
      }
    }
    assertThat(entry(first, varchar).get("code").getAsString()).isEqualTo("IMP-002");

    live.target().source(varchar).release();
    live.target().target(varchar).drop();
    FerryRun second = ferry.run(words).succeeds();
    assertThat(second.result().get("proven").getAsBoolean()).isTrue();
    for (CollectionName name : rows.keySet()) {
      assertThat(status(second, name))
          .as("%s", name)
          .isEqualTo(name.equals(varchar) ? "imported" : "nothing-to-do");
    }
    assertSame();
  }

  @Test
  void aMigrationIsCompletedByTheSameCommandHoweverOftenItWasKilled() throws IOException {
    CollectionSchema texts = every(FieldType.VARCHAR, FieldType.FLOAT_VECTOR, 8);
    make("bulk", every(FieldType.INT64, FieldType.FLOAT_VECTOR, 64), BULK, "blue", "green");
    make("inserted", texts, 12_000, "blue", "green");
    Object[] words = migrate("--staging", staging(), "--read-limit", "8M");
    killAt(
        words,
        () -> lines(".reading", "\"opened\"") > 1,
        () -> lines(".reading", "\"cut\"") > 0,
        () -> lines("journal", "\"inserting\"") > 0,
        () -> lines("journal", "\"submitting\"") > 0,
        () -> lines("journal", "\"loaded\"") > 1,
        () -> lines("journal", "\"loaded\"") > 4);
    FerryRun last = ferry.run(words).succeeds();
    assertThat(last.result().get("proven").getAsBoolean()).isTrue();
    assertSame();
  }

  private void killAt(Object[] words, BooleanSupplier... moments) {
    for (int i = 0; i < moments.length; i++) {
      FerryProcess process = ferry.start(words);
      process.when("moment " + (i + 1) + " comes", moments[i]);
      assertThat(process.kill()).as("run %s was killed while it worked", i + 1).isTrue();
    }
  }

  /** Lines with a word, of the journals whose names end so. */
  private long lines(String file, String word) {
    Path journals = ferry.state().resolve("migrate");
    if (!Files.exists(journals)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(journals)) {
      long found = 0;
      for (Path path : all.filter(p -> p.getFileName().toString().endsWith(file)).toList()) {
        found +=
            Files.readString(path, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.contains(word))
                .count();
      }
      return found;
    } catch (IOException | UncheckedIOException e) {
      return 0; // changed while it was walked: look again
    }
  }

  @Test
  void whatIsWrittenMeanwhileIsADifference() throws IOException {
    CollectionSchema numbers = every(FieldType.INT64, FieldType.FLOAT_VECTOR, 16);
    make("moving", numbers, 8_000);
    CollectionName name = live.name("moving");
    FerryProcess process = ferry.start(migrate());
    process.when("all rows are read", () -> lines(".reading", "\"type\":\"read\"") > 0);
    live.fill(name, "_default", new SampleRows(SEED), -900_000, 10);
    FerryRun run = process.await().fails(4, "CMP-001");
    assertThat(status(run, name)).isEqualTo("different");
    assertThat(run.lines("finding")).isNotEmpty();

    FerryRun again = ferry.run(migrate("--on-existing", "replace")).succeeds();
    assertThat(status(again, name)).isEqualTo("imported");
    rows.put(name, 8_010);
    assertSame();
  }
}
