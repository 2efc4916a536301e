package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of a collection, from one real server to another. */
class ExcerptIT extends LiveCase {
  private static final int ROWS = 3_000;

  private CollectionName name = new CollectionName("default", "parts");

  @BeforeEach
  void fill() {
    name =
        live.create(
            "parts",
            SampleRows.schema(
                FieldType.INT64,
                List.of(
                    FieldSpec.of("price", FieldType.INT32, Map.of()),
                    FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "200"))),
                SampleRows.vector(FieldType.FLOAT_VECTOR, 8)),
            "blue",
            "green");
    SampleRows sample = new SampleRows(11);
    live.fill(name, "_default", sample, 0, ROWS);
    live.fill(name, "blue", sample, 100_000, ROWS);
    live.fill(name, "green", sample, 200_000, ROWS);
  }

  private static long rowsOf(FerryRun run) {
    JsonObject collection = run.result().getAsJsonArray("collections").get(0).getAsJsonObject();
    return collection.get("rows").getAsLong();
  }

  @Test
  void partitionsFieldsFilterAndLimitMakeAnArchiveThatEqualsTheSamePartOfItsSource() {
    Path archive = dir.resolve("part");
    FerryRun exported =
        ferry
            .run(
                "export",
                "--from",
                Live.sourceUri(),
                "--to",
                archive,
                "--only",
                name.name(),
                "--partitions",
                "_default,blue",
                "--fields",
                "title,vector",
                "--where",
                "id % 2 == 0",
                "--limit",
                2_000)
            .succeeds();
    assertThat(rowsOf(exported)).isEqualTo(2_000);
    ferry.run("verify", archive).succeeds();
    JsonObject inspected =
        ferry
            .run("inspect", archive)
            .succeeds()
            .result()
            .getAsJsonArray("collections")
            .get(0)
            .getAsJsonObject();
    assertThat(inspected.get("excerpt").getAsString())
        .startsWith("partitions _default, blue; fields title, vector; where id % 2 == 0");

    ferry.run("compare", archive, Live.sourceUri(), "--only", name.name()).succeeds();

    FerryRun imported =
        ferry
            .run("import", archive, "--into", Live.targetUri(), "--into-database", "ferry_excerpts")
            .succeeds();
    assertThat(imported.result().get("proven").getAsBoolean()).isTrue();
    CollectionName there = new CollectionName("ferry_excerpts", name.name());
    assertThat(live.target().source(there).count()).contains(2_000L);
    assertThat(live.target().source(there).schema().rowFields())
        .extracting(FieldSpec::name)
        .containsExactly("id", "title", "vector");
    live.target().source(there).release();
    live.target().target(there).drop();
  }

  @Test
  void aFilteredPartMigrates() {
    FerryRun migrated =
        ferry
            .run(
                "migrate",
                "--from",
                Live.sourceUri(),
                "--into",
                Live.targetUri(),
                "--only",
                name.name(),
                "--where",
                "id >= 100000")
            .succeeds();
    assertThat(rowsOf(migrated)).isEqualTo(2L * ROWS);
    assertThat(live.target().source(name).count()).contains(2L * ROWS);
  }

  @Test
  void theSchemaAloneIsExportedFromACollectionThatIsNotLoaded() {
    live.source().source(name).release();
    Path archive = dir.resolve("schema");
    ferry
        .run(
            "export",
            "--from",
            Live.sourceUri(),
            "--to",
            archive,
            "--only",
            name.name(),
            "--schema-only")
        .succeeds();

    FerryRun imported = ferry.run("import", archive, "--into", Live.targetUri()).succeeds();

    assertThat(imported.result().get("proven").getAsBoolean()).isTrue();
    assertThat(live.target().source(name).describe().partitions())
        .containsExactlyInAnyOrder("_default", "blue", "green");
  }

  @Test
  void whatIsNotThereIsNamedBeforeAnythingIsWritten() {
    Object[] export = {"export", "--from", Live.sourceUri(), "--to", dir.resolve("x"), "--only"};
    assertRefused(10, "MIL-014", export, "--partitions", "red");
    assertRefused(10, "MIL-015", export, "--fields", "cost");
    assertRefused(2, "MIL-016", export, "--where", "price >");
    assertThat(dir.resolve("x/data")).doesNotExist();
  }

  private void assertRefused(int status, String code, Object[] export, Object... part) {
    List<Object> words = new ArrayList<>(List.of(export));
    words.add(name.name());
    words.addAll(List.of(part));
    ferry.run(words.toArray()).fails(status, code);
  }
}
