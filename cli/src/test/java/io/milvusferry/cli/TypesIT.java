package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every type that two real servers share goes from the one to the other with its values at the
 * edges, by the real command, and is read back from both by a witness.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TypesIT {
  private static final Path ROOT =
      Path.of(Live.variable("FERRY_IT_FERRY")).resolve("../..").normalize();
  private static final TypeTable TABLE = new TypeTable();

  @TempDir static Path found;

  @TempDir Path dir;
  private Witness witness;
  private FerryCommand ferry;

  @BeforeEach
  void start() {
    witness = new Witness(found);
    ferry = new FerryCommand(dir.resolve("home"));
  }

  @AfterEach
  void stop() {
    ferry.close();
  }

  @Order(1)
  @ParameterizedTest
  @CsvSource({
    "OLD, TARGET",
    "OLD, LITE",
    "SOURCE, TARGET",
    "SOURCE, OLD",
    "SOURCE, CORE",
    "SOURCE, LITE",
    "CORE, TARGET",
    "CORE, CORE_TARGET",
    "CORE, LITE",
    "LITE, TARGET",
    "LITE, CORE",
    "LITE, LITE_TARGET"
  })
  void whatBothServersHoldArrivesValueByValue(LabServer from, LabServer to) {
    String name = "it_types_%s_%s".formatted(from, to).toLowerCase(Locale.ROOT);
    Path archive = dir.resolve("archive");
    String all = name + "_*";
    try {
      int collections =
          witness.fill(from, name, to).getAsJsonObject("collections").entrySet().size();

      ferry.run("export", "--from", from.uri(), "--to", archive, "--only", all).succeeds();
      FerryRun imported = ferry.run("import", archive, "--into", to.uri()).succeeds();
      assertThat(imported.result().get("proven").getAsBoolean()).isTrue();
      FerryRun compared = ferry.run("compare", archive, to.uri(), "--only", all).succeeds();
      assertThat(compared.result().getAsJsonArray("collections")).hasSize(collections);
      assertThat(compared.result().get("findings").getAsInt()).isZero();

      JsonObject read = witness.same(from, to, name);
      assertThat(read.get("values").getAsInt()).isGreaterThan(collections * 300);
      TABLE.add(from, to, read);
    } finally {
      witness.drop(from, name);
      witness.drop(to, name);
    }
  }

  @Order(1)
  @Test
  void whatTheTargetCannotHoldIsAllNamedBeforeAnythingIsWritten() {
    LabServer from = LabServer.LITE;
    LabServer to = LabServer.TARGET;
    String name = "it_types_too_much";
    Path archive = dir.resolve("archive");
    try {
      witness.fill(from, name);
      ferry.run("export", "--from", from.uri(), "--to", archive, "--only", name + "_*").succeeds();

      FerryRun refused = ferry.run("import", archive, "--into", to.uri()).fails(8, "IMP-010");

      assertThat(refused.message())
          .contains("field f_geometry of type GEOMETRY")
          .contains("field f_timestamptz of type TIMESTAMPTZ")
          .contains("of type SPARSE_FLOAT_VECTOR")
          .contains("that field n_int64 may be null")
          .contains("a document that is a list, as row")
          .doesNotContain("f_varchar");
      try (MilvusServer target = MilvusConnection.open(ConnectionSettings.parse(to.uri()))) {
        assertThat(target.collections(CollectionName.DEFAULT_DATABASE))
            .extracting(CollectionName::name)
            .noneMatch(each -> each.startsWith(name) || each.startsWith("ferry_probe"));
      }
    } finally {
      witness.drop(from, name);
    }
  }

  @Order(2)
  @Test
  void theTablesInTheDocumentsAreWhatRan() throws IOException {
    Path live = Files.createDirectories(ROOT.resolve("target/live")).resolve("types.md");
    String all = String.join("\n", TABLE.summary(), TABLE.types(), TABLE.pairings());
    Files.writeString(live, all);

    assertThat(Files.readString(ROOT.resolve("README.md")))
        .as("README.md, which should have the first table of %s", live)
        .contains(TABLE.summary());
    assertThat(Files.readString(ROOT.resolve("docs/types.md")))
        .as("docs/types.md, which should have the other tables of %s", live)
        .contains(TABLE.types())
        .contains(TABLE.pairings());
  }
}
