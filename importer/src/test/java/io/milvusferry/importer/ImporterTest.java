package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImporterTest {
  private static final CollectionName PRODUCTS = ImportFixture.PRODUCTS;

  @TempDir Path dir;
  private ImportFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ImportFixture(dir);
  }

  private void archive(CollectionDescription description) {
    fixture.archive.add(description, 2, 12, true);
  }

  private CollectionResult only(ImportResult result) {
    assertThat(result.collections()).hasSize(1);
    return result.collections().get(0);
  }

  private FerryException failure() {
    try {
      fixture.run();
    } catch (FerryException e) {
      return e;
    }
    throw new AssertionError("the import did not fail");
  }

  /** Puts a collection at the target that no import has made. */
  private void foreign(CollectionDescription description, int firstKey, int rows) {
    fixture.server.target(description.name()).create(description, Map.of());
    if (rows > 0) {
      fixture
          .server
          .target(description.name())
          .insert("_default", new SampleRows(9).rows(description.schema(), firstKey, rows));
    }
    description.indexes().forEach(fixture.server.target(description.name())::createIndex);
    fixture.server.collection(description.name()).loaded = true;
  }

  @Nested
  class IntoAnEmptyTarget {
    @Test
    void makesTheCollectionAsTheArchiveTells() {
      archive(ImportFixture.described());
      CollectionResult result = only(fixture.run());
      assertThat(result.status()).isEqualTo(Status.IMPORTED);
      assertThat(result.proof()).isEqualTo(new Proof.Equal(48, false));
      MemoryCollection made = fixture.server.collection(PRODUCTS);
      CollectionDescription wanted = ImportFixture.described();
      assertThat(made.description.schema()).isEqualTo(wanted.schema());
      assertThat(made.description.shards()).isEqualTo(2);
      assertThat(made.description.consistencyLevel()).isEqualTo("Bounded");
      assertThat(made.partitions).isEqualTo(wanted.partitions());
      assertThat(made.indexes.values()).containsExactlyElementsOf(wanted.indexes());
      assertThat(made.loaded).isTrue();
      assertThat(fixture.server.aliases).containsValue(PRODUCTS);
    }

    @Test
    void loadsBulkPartsByTheServerAndInsertsTheOthers() {
      archive(ImportFixture.described());
      CollectionResult result = only(fixture.run());
      assertThat(result.bulkRows()).isEqualTo(24);
      assertThat(result.insertedRows()).isEqualTo(24);
    }

    @Test
    void insertsEverythingWithoutStaging() {
      fixture.staging = new Staging.None();
      archive(ImportFixture.described());
      CollectionResult result = only(fixture.run());
      assertThat(result.insertedRows()).isEqualTo(48);
      assertThat(fixture.server.tasks).isEmpty();
    }

    @Test
    void insertsEverythingWhereTheServerTakesNoBulkImport() {
      fixture.server.capabilities = new Capabilities(true, true, false, true, true, true, true);
      archive(ImportFixture.described());
      assertThat(only(fixture.run()).insertedRows()).isEqualTo(48);
    }

    @Test
    void insertsASmallCollectionAlsoWithStaging() {
      fixture.archive.add(ImportFixture.described(), 1, 4, false);
      CollectionResult result = only(fixture.run());
      assertThat(result.insertedRows()).isEqualTo(8);
      assertThat(fixture.server.tasks).isEmpty();
    }

    @Test
    void leavesNothingInTheStagingDirectoryAndNoProbe() throws IOException {
      Path shared = Files.createDirectories(dir.resolve("shared"));
      fixture.staging = new Staging.Directory(shared, shared.toString());
      archive(ImportFixture.described());
      assertThat(only(fixture.run()).bulkRows()).isEqualTo(24);
      assertThat(shared).isEmptyDirectory();
      assertThat(fixture.server.collections).containsOnlyKeys(PRODUCTS);
    }

    @Test
    void setsPropertiesThatDeleteRowsAfterTheComparison() {
      archive(ImportFixture.described());
      KillSwitch calls = KillSwitch.none();
      fixture.run(calls.guard(fixture.server));
      assertThat(calls.calls().lastIndexOf("alterProperties"))
          .isGreaterThan(calls.calls().lastIndexOf("count"));
      assertThat(fixture.server.collection(PRODUCTS).properties)
          .containsEntry("collection.ttl.seconds", "3600")
          .containsEntry("mmap.enabled", "true");
    }

    @Test
    void makesTheDatabaseThatARenameNames() {
      archive(ImportFixture.described());
      fixture.renames = Map.of("products", "shop2.goods");
      CollectionResult result = only(fixture.run());
      CollectionName goods = new CollectionName("shop2", "goods");
      assertThat(result.target()).isEqualTo(goods);
      assertThat(fixture.server.databases).contains("shop2");
      assertThat(fixture.server.rows(goods)).isEqualTo(48);
    }

    @Test
    void letsTheServerRouteRowsOfAPartitionKeyCollection() {
      CollectionDescription plain = ImportFixture.described();
      List<FieldSpec> fields = new ArrayList<>(plain.schema().fields());
      fields.set(1, fields.get(1).asPartitionKey());
      CollectionDescription keyed =
          new CollectionDescription(
              plain.name(),
              "",
              new io.milvusferry.manifest.CollectionSchema(true, fields),
              plain.indexes(),
              List.of(),
              16,
              List.of(),
              new TreeMap<>(),
              1,
              "Strong",
              LoadState.LOADED,
              1,
              List.of());
      archive(keyed);
      assertThat(only(fixture.run()).proof()).isEqualTo(new Proof.Equal(24, false));
      assertThat(fixture.server.tasks.values())
          .filteredOn(task -> task.name.equals(PRODUCTS))
          .extracting(task -> task.partition)
          .containsOnly("");
    }

    @Test
    void releasesACollectionThatTheSourceHadNotLoaded() {
      archive(
          ImportFixture.loaded(
              ImportFixture.described(),
              LoadState.NOT_LOADED,
              ImportFixture.described().indexes()));
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.server.collection(PRODUCTS).loaded).isFalse();
    }

    @Test
    void saysThatNothingIsProvenWithoutComparison() {
      fixture.compare = false;
      archive(ImportFixture.described());
      ImportResult result = fixture.run();
      assertThat(result.failure()).isEmpty();
      assertThat(result.proven()).isFalse();
      fixture.compare = true;
      assertThat(only(fixture.run()).status()).isEqualTo(Status.CONTINUED);
      assertThat(only(fixture.run()).status()).isEqualTo(Status.NOTHING_TO_DO);
    }
  }

  @Nested
  class WithAutomaticKeys {
    @BeforeEach
    void archiveIt() {
      archive(ImportFixture.described(PRODUCTS, MemoryArchive.schema(FieldType.INT64, true)));
    }

    @Test
    void keepsKeysByTurningAutoIdOff() {
      CollectionResult result = only(fixture.run());
      assertThat(result.proof()).isEqualTo(new Proof.Equal(48, false));
      assertThat(result.deviations()).anyMatch(text -> text.contains("autoID is off"));
      assertThat(fixture.server.collection(PRODUCTS).description.schema().primaryKey().autoId())
          .isFalse();
    }

    @Test
    void insertsRowsWithoutTheirKeyForNewKeys() {
      fixture.autoId = AutoId.NEW_KEYS;
      CollectionResult result = only(fixture.run());
      assertThat(result.proof()).isEqualTo(new Proof.Equal(48, true));
      assertThat(result.insertedRows()).isEqualTo(48);
      assertThat(fixture.server.collection(PRODUCTS).description.schema().primaryKey().autoId())
          .isTrue();
    }

    @Test
    void startsOverWhenRowsWithNewKeysAreInDoubt() {
      fixture.autoId = AutoId.NEW_KEYS;
      fixture.server.insertFaults.add(MemoryServer.Fault.ANSWER_LOST);
      assertThat(only(fixture.run()).proof()).isEqualTo(new Proof.Equal(48, true));
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void refusesToGoOnWithOtherKeysThanItBegan() {
      KillSwitch kill = new KillSwitch(40, KillSwitch.Moment.AFTER_THE_SERVER_ACTED);
      assertThatThrownBy(() -> fixture.run(kill.guard(fixture.server)))
          .isInstanceOf(KillSwitch.Killed.class);
      fixture.autoId = AutoId.NEW_KEYS;
      assertThat(failure().code()).isEqualTo(ErrorCode.USAGE);
    }
  }

  @Nested
  class IntoATargetThatHasTheCollection {
    @BeforeEach
    void archiveIt() {
      archive(ImportFixture.described());
    }

    @Test
    void refusesAForeignCollection() {
      foreign(ImportFixture.described(), 900, 5);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(5);
    }

    @Test
    void refusesAForeignCollectionAlsoWhenItIsEmpty() {
      foreign(ImportFixture.described(), 0, 0);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
    }

    @Test
    void namesWhatIsDifferentInAnotherSchema() {
      CollectionDescription other =
          ImportFixture.described(PRODUCTS, MemoryArchive.schema(FieldType.VARCHAR, false));
      foreign(other, 0, 0);
      fixture.onExisting = OnExisting.APPEND;
      FerryException failure = failure();
      assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_SCHEMA_DIFFERS);
      assertThat(failure).hasMessageContaining("field id type is VARCHAR instead of INT64");
    }

    @Test
    void leavesItAloneWhenToldToSkip() {
      foreign(ImportFixture.described(), 900, 5);
      fixture.onExisting = OnExisting.SKIP;
      ImportResult result = fixture.run();
      assertThat(only(result).status()).isEqualTo(Status.SKIPPED);
      assertThat(result.failure()).isEmpty();
      assertThat(result.proven()).isFalse();
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(5);
    }

    @Test
    void addsRowsWhenToldToAppend() {
      CollectionDescription there = ImportFixture.described();
      foreign(there, 900, 5);
      fixture.onExisting = OnExisting.APPEND;
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(53);
      assertThat(only(fixture.run()).status()).isEqualTo(Status.NOTHING_TO_DO);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(53);
    }

    @Test
    void appendsNothingWhenAKeyIsThereAlready() {
      foreign(ImportFixture.described(), 20, 5);
      fixture.onExisting = OnExisting.APPEND;
      FerryException failure = failure();
      assertThat(failure.code()).isEqualTo(ErrorCode.KEYS_EXIST);
      assertThat(failure).hasMessageContaining("key 20");
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(5);
    }

    @Test
    void dropsItWhenToldToReplace() {
      foreign(ImportFixture.described(), 900, 5);
      fixture.onExisting = OnExisting.REPLACE;
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void refusesAnAliasThatBelongsToAnother() {
      CollectionName other = new CollectionName("default", "other");
      foreign(ImportFixture.described(other, ImportFixture.described().schema()), 0, 0);
      fixture.server.setAlias(other, "shop");
      assertThat(failure().code()).isEqualTo(ErrorCode.ALIAS_TAKEN);
      assertThat(fixture.server.collections).containsOnlyKeys(other);
    }

    @Test
    void refusesANameThatIsAnAlias() {
      CollectionName other = new CollectionName("default", "other");
      foreign(ImportFixture.described(other, ImportFixture.described().schema()), 0, 0);
      fixture.server.setAlias(other, "products");
      assertThat(failure().code()).isEqualTo(ErrorCode.ALIAS_TAKEN);
    }

    @Test
    void startsAnewWhenToldToReplaceWhatItHadCompleted() {
      fixture.run();
      fixture.onExisting = OnExisting.REPLACE;
      long before = fixture.server.collection(PRODUCTS).id;
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.server.collection(PRODUCTS).id).isNotEqualTo(before);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void saysNothingToDoInASecondRun() {
      fixture.run();
      CollectionResult second = only(fixture.run());
      assertThat(second.status()).isEqualTo(Status.NOTHING_TO_DO);
      assertThat(second.proof().proven()).isTrue();
      assertThat(second.bulkRows() + second.insertedRows()).isZero();
    }

    @Test
    void doesNotTrustItsJournalWhenTheCollectionWasMadeAnew() {
      fixture.run();
      fixture.server.target(PRODUCTS).drop();
      foreign(ImportFixture.described(), 900, 5);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
    }

    @Test
    void importsAgainWhenTheCollectionIsGone() {
      fixture.run();
      fixture.server.target(PRODUCTS).drop();
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void noticesThatRowsWereAddedSinceItWasProven() {
      fixture.run();
      fixture
          .server
          .target(PRODUCTS)
          .insert("_default", new SampleRows(9).rows(ImportFixture.described().schema(), 900, 5));
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_CHANGED);
    }
  }

  @Nested
  class WhenBulkImportsGoWrong {
    @BeforeEach
    void archiveIt() {
      archive(ImportFixture.described());
    }

    @Test
    void submitsAFailedImportAgain() {
      fixture.server.fates.add(MemoryServer.Fate.FAILED);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void givesUpAfterSomeTriesWithTheReasonOfTheServer() {
      for (int i = 0; i < 20; i++) {
        fixture.server.fates.add(MemoryServer.Fate.FAILED);
      }
      FerryException failure = fixture.run().failure().orElseThrow();
      assertThat(failure.code()).isEqualTo(ErrorCode.IMPORT_TASK_FAILED);
      assertThat(failure).hasMessageContaining("service restarted");
      fixture.server.fates.clear();
      assertThat(only(fixture.run()).status()).isEqualTo(Status.CONTINUED);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void takesUpAStuckImportInTheNextRun() {
      fixture.server.fates.add(MemoryServer.Fate.STUCK);
      FerryException failure = fixture.run().failure().orElseThrow();
      assertThat(failure.code()).isEqualTo(ErrorCode.IMPORT_TASK_STUCK);
      fixture.server.tasks.values().forEach(task -> task.unstick());
      assertThat(only(fixture.run()).status()).isEqualTo(Status.CONTINUED);
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void startsOverWhenTheServerForgotAnImport() {
      fixture.server.fates.add(MemoryServer.Fate.FORGOTTEN);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @ParameterizedTest
    @EnumSource(MemoryServer.Fault.class)
    void loadsNoRowTwiceWhenASubmissionFails(MemoryServer.Fault fault) {
      fixture.server.submitFaults.add(fault);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @ParameterizedTest
    @EnumSource(MemoryServer.Fault.class)
    void insertsNoRowTwiceWhenAnInsertFails(MemoryServer.Fault fault) {
      fixture.server.insertFaults.add(fault);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.server.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void writesNothingWhenTheServerCannotReadTheStagingPlace() {
      fixture.server.blind = true;
      FerryException failure = failure();
      assertThat(failure.code()).isEqualTo(ErrorCode.STAGING_UNREADABLE);
      assertThat(failure).hasMessageContaining("no such file");
      assertThat(fixture.server.collections).isEmpty();
    }
  }

  @Nested
  class WithSeveralCollections {
    private final CollectionName broken = new CollectionName("default", "broken");

    @BeforeEach
    void archiveThem() {
      archive(ImportFixture.described());
      CollectionDescription second =
          ImportFixture.described(broken, ImportFixture.described().schema());
      fixture.archive.add(
          new CollectionDescription(
              broken,
              "",
              second.schema(),
              second.indexes(),
              second.partitions(),
              0,
              List.of(),
              new TreeMap<>(),
              1,
              "Strong",
              LoadState.LOADED,
              1,
              List.of()),
          1,
          12,
          false);
    }

    @Test
    void oneFailureDoesNotStopTheOthers() {
      for (int i = 0; i < 3; i++) {
        fixture.server.fates.add(MemoryServer.Fate.FAILED);
      }
      for (int i = 0; i < 3; i++) {
        fixture.server.fates.add(MemoryServer.Fate.FAILED);
      }
      ImportResult result = fixture.run();
      assertThat(result.collections())
          .extracting(CollectionResult::status)
          .containsExactly(Status.FAILED, Status.IMPORTED);
      assertThat(result.failure().orElseThrow().code())
          .isEqualTo(ErrorCode.SOME_COLLECTIONS_FAILED);
      assertThat(fixture.run().collections())
          .extracting(CollectionResult::status)
          .containsExactly(Status.CONTINUED, Status.NOTHING_TO_DO);
    }

    @Test
    void aConflictOfOneKeepsAllFromBeingWritten() {
      foreign(ImportFixture.described(broken, ImportFixture.described().schema()), 0, 0);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
      assertThat(fixture.server.collections).containsOnlyKeys(broken);
    }

    @Test
    void refusesARenameOntoTheOther() {
      fixture.renames = Map.of("broken", "products");
      assertThat(failure().code()).isEqualTo(ErrorCode.USAGE);
    }

    @Test
    void refusesARenameOfNothing() {
      fixture.renames = Map.of("absent", "products");
      assertThat(failure()).hasMessageContaining("no selected collection");
    }
  }

  @Nested
  class FromADamagedArchive {
    @Test
    void asksTheServerNothing() {
      KillSwitch calls = KillSwitch.none();
      archive(ImportFixture.described());
      Importer importer =
          fixture.importer(
              (root, request) -> {
                throw new FerryException(ErrorCode.ARCHIVE_DAMAGED, "damaged", "Fetch.", null);
              });
      assertThatThrownBy(() -> importer.importArchive(fixture.request(calls.guard(fixture.server))))
          .isInstanceOf(FerryException.class);
      assertThat(calls.calls()).isEmpty();
    }
  }
}
