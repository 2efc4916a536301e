package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionPlan.Action;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
  private static final CollectionName PRODUCTS = ImportFixture.PRODUCTS;

  @TempDir(factory = QuickTempDir.class)
  Path dir;

  private ImportFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ImportFixture(dir);
  }

  private PlanResult plan() {
    return fixture.importer().plan(fixture.request(fixture.server));
  }

  private CollectionPlan only() {
    List<CollectionPlan> collections = plan().collections();
    assertThat(collections).hasSize(1);
    return collections.get(0);
  }

  private void archive(boolean autoId) {
    fixture.archive.add(
        ImportFixture.described(PRODUCTS, MemoryArchive.schema(FieldType.INT64, autoId)),
        2,
        12,
        true);
  }

  @Nested
  class OfAnEmptyTarget {
    @Test
    void tellsRowsBytesAndLanes() {
      archive(false);
      CollectionPlan plan = only();
      assertThat(plan.action()).isEqualTo(Action.CREATE);
      assertThat(plan.rows()).isEqualTo(48);
      assertThat(plan.bytes())
          .isEqualTo(
              fixture.archive.entry(0).parts().stream().mapToLong(part -> part.bytes()).sum());
      assertThat(plan.bulkRows()).isEqualTo(24);
      assertThat(plan.insertRows()).isEqualTo(24);
      assertThat(plan.lane()).contains("the server reads most parts itself");
      assertThat(plan.refusals()).isEmpty();
    }

    @Test
    void saysWhyRowsAreInserted() {
      archive(false);
      fixture.staging = new Staging.None();
      assertThat(only().lane()).isEqualTo("rows are inserted, since no staging place is named");
    }

    @Test
    void leavesNothingAtTheTargetNorInTheStagingPlace() throws Exception {
      archive(false);
      Path shared = Files.createDirectories(dir.resolve("shared"));
      fixture.staging = new Staging.Directory(shared, shared.toString());
      plan();
      assertThat(fixture.server.collections("default")).isEmpty();
      assertThat(shared).isEmptyDirectory();
    }

    @Test
    void findsThatTheServerCannotReadTheStagingPlace() {
      archive(false);
      fixture.blind = true;
      PlanResult result = plan();
      assertThat(result.failure().orElseThrow().code()).isEqualTo(ErrorCode.STAGING_UNREADABLE);
      assertThat(result.collections()).hasSize(1);
      assertThat(fixture.server.collections("default")).isEmpty();
    }

    @Test
    void declaresThatAutoIdIsOff() {
      archive(true);
      assertThat(only().deviations())
          .extracting(Deviation::path)
          .containsExactly("schema.fields.id.autoId");
    }

    @Test
    void refusesWhatCannotBeKeptWhenToldToBeStrict() {
      archive(true);
      fixture.strict = true;
      PlanResult result = plan();
      assertThat(result.collections().get(0).refusals())
          .extracting(Refusal::path)
          .containsExactly("schema.fields.id.autoId");
      assertThat(result.failure().orElseThrow().code()).isEqualTo(ErrorCode.TARGET_INCAPABLE);
      assertThatThrownBy(fixture::run)
          .isInstanceOf(FerryException.class)
          .hasMessageContaining("schema.fields.id.autoId");
      assertThat(fixture.server.collections("default")).isEmpty();
    }

    @Test
    void isStrictOnlyAboutWhatWasNotAskedFor() {
      archive(true);
      fixture.strict = true;
      fixture.autoId = AutoId.NEW_KEYS;
      fixture.renames = Map.of("products", "goods");
      CollectionPlan plan = only();
      assertThat(plan.refusals()).isEmpty();
      assertThat(plan.deviations())
          .extracting(Deviation::path)
          .containsExactly("aliases", "schema.fields.id.autoId");
    }
  }

  @Nested
  class OfATargetThatHasSomething {
    @Test
    void listsEverythingThatIsInTheWayAtOnce() {
      CollectionName other = new CollectionName("default", "other");
      archive(false);
      fixture.archive.add(
          ImportFixture.described(other, MemoryArchive.schema(FieldType.INT64, false))
              .withAliases(List.of()),
          1,
          4,
          false);
      fixture.foreign(ImportFixture.described(), 900, 5);
      fixture.foreign(
          ImportFixture.described(other, MemoryArchive.schema(FieldType.VARCHAR, false)), 0, 0);
      PlanResult result = plan();
      assertThat(result.collections())
          .extracting(CollectionPlan::action)
          .containsExactly(Action.CONFLICT, Action.CONFLICT);
      assertThat(result.failure().orElseThrow())
          .hasMessageContaining("default.products exists")
          .hasMessageContaining("default.other exists at the target with another schema");
    }

    @Test
    void tellsWhatAnImportThatWasBrokenOffWouldStillLoad() {
      archive(false);
      KillSwitch kill = new KillSwitch(40, KillSwitch.Moment.AFTER_THE_SERVER_ACTED);
      assertThatThrownBy(() -> fixture.run(kill.guard(fixture.server)))
          .isInstanceOf(KillSwitch.Killed.class);
      CollectionPlan plan = only();
      assertThat(plan.action()).isEqualTo(Action.CONTINUE);
      assertThat(plan.bulkRows() + plan.insertRows()).isLessThan(48);
      assertThat(fixture.run().proven()).isTrue();
      assertThat(only().action()).isEqualTo(Action.NOTHING_TO_DO);
    }

    @Test
    void leavesItAloneWhenToldToSkip() {
      archive(false);
      fixture.foreign(ImportFixture.described(), 900, 5);
      fixture.onExisting = OnExisting.SKIP;
      CollectionPlan plan = only();
      assertThat(plan.action()).isEqualTo(Action.SKIP);
      assertThat(plan.bulkRows() + plan.insertRows()).isZero();
    }
  }
}
