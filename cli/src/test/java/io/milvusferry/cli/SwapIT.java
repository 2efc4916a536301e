package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports that are seen when they are done, on two real Milvus servers. */
class SwapIT extends LiveCase {
  private static final int OLD_ROWS = 700;
  private static final int ROWS = 21_000;

  private static CollectionSchema schema() {
    return SampleRows.schema(
        FieldType.INT64,
        List.of(FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "200"))),
        SampleRows.vector(FieldType.FLOAT_VECTOR, 16));
  }

  private String alias() {
    return live.name("alias").name();
  }

  /** A collection with an alias on the source, and an older one of that name on the target. */
  private CollectionName make() {
    CollectionName name = live.create("swapped", schema(), "blue");
    live.fill(name, "_default", new SampleRows(SEED), 0, ROWS / 2);
    live.fill(name, "blue", new SampleRows(SEED), 1_000_000, ROWS / 2);
    live.source().setAlias(name, alias());
    Live.create(live.target(), name, schema());
    CollectionSchema made = live.target().source(name).schema();
    live.target().target(name).insert("_default", new SampleRows(SEED + 1).rows(made, 0, OLD_ROWS));
    live.target().setAlias(name, alias());
    return name;
  }

  private CollectionName byAlias() {
    return new CollectionName(CollectionName.DEFAULT_DATABASE, alias());
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (CollectionName name : live.target().collections(CollectionName.DEFAULT_DATABASE)) {
      if (name.name().startsWith(live.all().replace("*", ""))) {
        names.add(name.name().replaceAll("__(new|before)_.*", "__$1"));
      }
    }
    return names;
  }

  private boolean journaled(String record) {
    try (Stream<Path> files = Files.walk(ferry.state().resolve("import"))) {
      for (Path file : files.filter(path -> path.endsWith("journal")).toList()) {
        if (Files.readString(file).contains("\"" + record + "\"")) {
          return true;
        }
      }
      return false;
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // being written: look again
    }
  }

  @Test
  void whatWasThereIsSeenUntilAllIsProvenHoweverOftenTheImportIsKilledAndComesBackWhenAsked() {
    CollectionName name = make();
    Path archive = export("nightly");
    Object[] words = {
      "import",
      archive,
      "--into",
      Live.targetUri(),
      "--staging",
      "in-place",
      "--publish",
      "swap",
      "--on-existing",
      "replace"
    };
    for (String moment : List.of("created", "submitted", "loaded", "publishing")) {
      FerryProcess process = ferry.start(words);
      process.when(moment, () -> journaled(moment));
      process.kill();
      if (!journaled("published")) {
        assertThat(live.target().source(byAlias()).count().orElseThrow())
            .as("rows under the alias after a kill at %s", moment)
            .isIn((long) OLD_ROWS, (long) ROWS);
      }
    }

    FerryRun run = ferry.run(words).succeeds();

    assertThat(entry(run, name).get("equal").getAsBoolean()).isTrue();
    live.assertTargetHas(name, ROWS);
    assertThat(live.target().source(name).aliases()).containsExactly(alias());
    assertThat(names()).containsExactly(name.name(), name.name() + "__before");
    ferry.run("compare", archive, Live.targetUri(), "--only", name.name()).succeeds();

    ferry.run("swap", "revert", archive, "--into", Live.targetUri()).succeeds();
    live.assertTargetHas(name, OLD_ROWS);
    assertThat(live.target().source(name).aliases()).containsExactly(alias());

    ferry.run(words).succeeds();
    live.assertTargetHas(name, ROWS);
    ferry.run("swap", "drop", archive, "--into", Live.targetUri()).succeeds();
    assertThat(names()).containsExactly(name.name());
    live.assertTargetHas(name, ROWS);
  }
}
