package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.DatabaseEntry;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import io.milvusferry.testkit.FakeCall;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImporterTest {
  private static final CollectionName PRODUCTS = ImportFixture.PRODUCTS;

  @TempDir(factory = QuickTempDir.class)
  Path dir;

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

  private CollectionDescription made() {
    return fixture.server.source(PRODUCTS).describe();
  }

  private List<CollectionName> collections() {
    return fixture.server.collections("default");
  }

  private long id() {
    return fixture.server.source(PRODUCTS).identity().id();
  }

  /** The n-th submission, the probe not counted, and all later ones end so. */
  private void importsAreFrom(int n, FakeMilvus.ImportFate fate) {
    fixture
        .server
        .faults()
        .before(FakeCall.SUBMIT_IMPORT, n + 1, () -> fixture.server.importsAre(fate));
  }

  @Nested
  class IntoAnEmptyTarget {
    @Test
    void makesTheCollectionAsTheArchiveTells() {
      archive(ImportFixture.described());
      CollectionResult result = only(fixture.run());
      assertThat(result.status()).isEqualTo(Status.IMPORTED);
      assertThat(result.proof()).isEqualTo(new Proof.Equal(48, false));
      CollectionDescription made = made();
      CollectionDescription wanted = ImportFixture.described();
      assertThat(SchemaDifferences.between(wanted, made)).isEmpty();
      assertThat(made.description()).isEqualTo("what it is");
      assertThat(made.shards()).isEqualTo(2);
      assertThat(made.consistencyLevel()).isEqualTo("Bounded");
      assertThat(made.partitions()).isEqualTo(wanted.partitions());
      assertThat(made.indexes()).isEqualTo(wanted.indexes());
      assertThat(made.loadState()).isEqualTo(LoadState.LOADED);
      assertThat(made.aliases()).containsExactly("shop");
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
      assertThat(fixture.server.importTasks("default")).isEmpty();
    }

    @Test
    void insertsEverythingWhereTheServerTakesNoBulkImport() {
      fixture.server = fixture.server(new Capabilities(true, true, false, true, true, true, true));
      archive(ImportFixture.described());
      assertThat(only(fixture.run()).insertedRows()).isEqualTo(48);
    }

    @Test
    void insertsASmallCollectionAlsoWithStaging() {
      fixture.archive.add(ImportFixture.described(), 1, 4, false);
      CollectionResult result = only(fixture.run());
      assertThat(result.insertedRows()).isEqualTo(8);
      assertThat(fixture.server.importTasks("default")).isEmpty();
    }

    @Test
    void leavesNothingInTheStagingDirectoryAndNoProbe() throws IOException {
      Path shared = Files.createDirectories(dir.resolve("shared"));
      fixture.staging = new Staging.Directory(shared, shared.toString());
      archive(ImportFixture.described());
      assertThat(only(fixture.run()).bulkRows()).isEqualTo(24);
      assertThat(shared).isEmptyDirectory();
      assertThat(collections()).containsExactly(PRODUCTS);
    }

    @Test
    void setsPropertiesThatDeleteRowsAfterTheComparison() {
      archive(ImportFixture.described());
      KillSwitch calls = KillSwitch.none();
      fixture.run(calls.guard(fixture.server));
      assertThat(calls.calls().lastIndexOf("alterProperties"))
          .isGreaterThan(calls.calls().lastIndexOf("count"));
      assertThat(made().properties())
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
      assertThat(fixture.server.databases()).contains("shop2");
      assertThat(fixture.rows(goods)).isEqualTo(48);
    }

    @Test
    void makesADatabaseWithThePropertiesOfItsSource() {
      archive(ImportFixture.described());
      fixture.archive.databases = propertiesOfTheSource();
      fixture.renames = Map.of("products", "shop2.goods");

      CollectionResult result = only(fixture.run());

      assertThat(fixture.server.databaseProperties("shop2"))
          .hasValueSatisfying(there -> assertThat(there).containsEntry("database.max", "7"));
      assertThat(result.deviations()).extracting(Deviation::path).doesNotContain(DATABASE_MAX);
    }

    @Test
    void leavesADatabaseThatIsThereAsItIsAndSaysSo() {
      archive(ImportFixture.described());
      fixture.archive.databases = propertiesOfTheSource();

      CollectionResult result = only(fixture.run());

      assertThat(result.deviations())
          .filteredOn(deviation -> deviation.path().equals(DATABASE_MAX))
          .singleElement()
          .satisfies(
              deviation ->
                  assertThat(deviation.sentence())
                      .contains("database default is there with another value than '7'"));
      assertThat(fixture.server.databaseProperties("default"))
          .hasValueSatisfying(there -> assertThat(there).isEmpty());
    }

    private static final String DATABASE_MAX = "database.properties.database.max";

    private static List<DatabaseEntry> propertiesOfTheSource() {
      return List.of(new DatabaseEntry("default", new TreeMap<>(Map.of("database.max", "7"))));
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
      assertThat(fixture.server.importTasks("default"))
          .extracting(ImportTask::partition)
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
      assertThat(made().loadState()).isEqualTo(LoadState.NOT_LOADED);
    }

    @Test
    void putsTheSampledSearchesToItsIndex() {
      archive(ImportFixture.described());
      fixture.archive.searches = List.of(sampled("HNSW", "0"));

      Proof proof = fixture.run().collections().get(0).proof();

      assertThat(proof.proven()).isTrue();
      assertThat(proof.searches())
          .extracting(SearchOverlap::summary)
          .containsExactly(
              "vector by HNSW: overlap@1 1.000 at the target, of exact neighbours, 1 queries");
    }

    @Test
    void isDifferentWhereAnIndexThatLooksAtEveryVectorMissesANeighbour() {
      archive(
          ImportFixture.described()
              .withIndexes(
                  List.of(new IndexSpec("vector", "by_vector", "FLAT", "L2", new TreeMap<>()))));
      fixture.archive.searches = List.of(sampled("FLAT", "7"));

      Proof proof = fixture.run().collections().get(0).proof();

      assertThat(proof).isInstanceOf(Proof.Different.class);
      assertThat(proof.findings()).singleElement().asString().contains("overlap@1 0.000");
    }

    /** A search for a row's vector, of which {@code nearest} is said to be the nearest row. */
    private SampledSearch sampled(String index, String nearest) {
      RecordBatch row = firstRow();
      return new SampledSearch(
          "vector",
          "L2",
          index,
          1,
          List.of(
              new SampledSearch.Query(
                  row.key(0).text(),
                  SampledSearch.value(row.column("vector"), 0),
                  List.of(nearest.equals("0") ? row.key(0).text() : nearest),
                  List.of())));
    }

    private RecordBatch firstRow() {
      CollectionEntry entry = fixture.archive.manifest().collections().get(0);
      try (BatchCursor rows = fixture.archive.open(entry, entry.parts().get(0))) {
        return Objects.requireNonNull(rows.next()).slice(0, 1);
      }
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
      assertThat(result.deviations())
          .anyMatch(deviation -> deviation.instead().contains("autoID is off"));
      assertThat(made().schema().primaryKey().autoId()).isFalse();
    }

    @Test
    void insertsRowsWithoutTheirKeyForNewKeys() {
      fixture.autoId = AutoId.NEW_KEYS;
      CollectionResult result = only(fixture.run());
      assertThat(result.proof()).isEqualTo(new Proof.Equal(48, true));
      assertThat(result.insertedRows()).isEqualTo(48);
      assertThat(made().schema().primaryKey().autoId()).isTrue();
    }

    @Test
    void startsOverWhenRowsWithNewKeysAreInDoubt() {
      fixture.autoId = AutoId.NEW_KEYS;
      fixture.server.faults().loseAnswer(FakeCall.INSERT, 2, ErrorCode.SERVER_TIMEOUT);
      assertThat(only(fixture.run()).proof()).isEqualTo(new Proof.Equal(48, true));
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
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
      fixture.foreign(ImportFixture.described(), 900, 5);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(5);
    }

    @Test
    void refusesAForeignCollectionAlsoWhenItIsEmpty() {
      fixture.foreign(ImportFixture.described(), 0, 0);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
    }

    @Test
    void namesWhatIsDifferentInAnotherSchema() {
      CollectionDescription other =
          ImportFixture.described(PRODUCTS, MemoryArchive.schema(FieldType.VARCHAR, false));
      fixture.foreign(other, 0, 0);
      fixture.onExisting = OnExisting.APPEND;
      FerryException failure = failure();
      assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_SCHEMA_DIFFERS);
      assertThat(failure).hasMessageContaining("field id type is VARCHAR instead of INT64");
    }

    @Test
    void leavesItAloneWhenToldToSkip() {
      fixture.foreign(ImportFixture.described(), 900, 5);
      fixture.onExisting = OnExisting.SKIP;
      ImportResult result = fixture.run();
      assertThat(only(result).status()).isEqualTo(Status.SKIPPED);
      assertThat(result.failure()).isEmpty();
      assertThat(result.proven()).isFalse();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(5);
    }

    @Test
    void addsRowsWhenToldToAppend() {
      CollectionDescription there = ImportFixture.described();
      fixture.foreign(there, 900, 5);
      fixture.onExisting = OnExisting.APPEND;
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(53);
      assertThat(only(fixture.run()).status()).isEqualTo(Status.NOTHING_TO_DO);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(53);
    }

    @Test
    void appendsNothingWhenAKeyIsThereAlready() {
      fixture.foreign(ImportFixture.described(), 20, 5);
      fixture.onExisting = OnExisting.APPEND;
      FerryException failure = failure();
      assertThat(failure.code()).isEqualTo(ErrorCode.KEYS_EXIST);
      assertThat(failure).hasMessageContaining("key 20");
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(5);
    }

    @Test
    void dropsItWhenToldToReplace() {
      fixture.foreign(ImportFixture.described(), 900, 5);
      fixture.onExisting = OnExisting.REPLACE;
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void refusesAnAliasThatBelongsToAnother() {
      CollectionName other = new CollectionName("default", "other");
      fixture.foreign(ImportFixture.described(other, ImportFixture.described().schema()), 0, 0);
      fixture.server.setAlias(other, "shop");
      assertThat(failure().code()).isEqualTo(ErrorCode.ALIAS_TAKEN);
      assertThat(collections()).containsExactly(other);
    }

    @Test
    void refusesANameThatIsAnAlias() {
      CollectionName other = new CollectionName("default", "other");
      fixture.foreign(ImportFixture.described(other, ImportFixture.described().schema()), 0, 0);
      fixture.server.setAlias(other, "products");
      assertThat(failure().code()).isEqualTo(ErrorCode.ALIAS_TAKEN);
    }

    @Test
    void startsAnewWhenToldToReplaceWhatItHadCompleted() {
      fixture.run();
      fixture.onExisting = OnExisting.REPLACE;
      long before = id();
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(id()).isNotEqualTo(before);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
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
    void readsEveryRowAgainInASecondRunAndSeesWhatWasChangedSince() {
      fixture.run();
      CollectionSource source = fixture.server.source(PRODUCTS);
      Slice slice = source.slices(1).get(0);
      RecordBatch other;
      try (BatchCursor cursor = source.scan(slice, Set.of())) {
        RecordBatch page = Objects.requireNonNull(cursor.next());
        List<Column> columns = new ArrayList<>(page.slice(0, 1).columns());
        for (int i = 0; i < columns.size(); i++) {
          if (columns.get(i) instanceof Column.Vectors vectors) {
            vectors.bytes().put(0, (byte) (vectors.bytes().get(0) ^ 1));
          }
        }
        other = new RecordBatch(page.fields(), columns, 1);
      }
      fixture.server.target(PRODUCTS).upsert(slice.partition(), other);
      CollectionResult second = only(fixture.run());
      assertThat(second.status()).isEqualTo(Status.DIFFERENT);
      assertThat(second.proof().proven()).isFalse();
    }

    @Test
    void doesNotClaimAProofInASecondRunThatDoesNotCompare() {
      fixture.run();
      fixture.compare = false;
      CollectionResult second = only(fixture.run());
      assertThat(second.status()).isEqualTo(Status.NOTHING_TO_DO);
      assertThat(second.proof().proven()).isFalse();
    }

    @Test
    void doesNotTrustItsJournalWhenTheCollectionWasMadeAnew() {
      fixture.run();
      fixture.server.target(PRODUCTS).drop();
      fixture.foreign(ImportFixture.described(), 900, 5);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
    }

    @Test
    void importsAgainWhenTheCollectionIsGone() {
      fixture.run();
      fixture.server.target(PRODUCTS).drop();
      assertThat(only(fixture.run()).status()).isEqualTo(Status.IMPORTED);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
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
      importsAreFrom(1, FakeMilvus.ImportFate.failed("task marked failed as service restarted"));
      importsAreFrom(2, FakeMilvus.ImportFate.DONE);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void givesUpAfterSomeTriesWithTheReasonOfTheServer() {
      importsAreFrom(1, FakeMilvus.ImportFate.failed("task marked failed as service restarted"));
      FerryException failure = fixture.run().failure().orElseThrow();
      assertThat(failure.code()).isEqualTo(ErrorCode.IMPORT_TASK_FAILED);
      assertThat(failure).hasMessageContaining("service restarted");
      fixture.server.importsAre(FakeMilvus.ImportFate.DONE);
      assertThat(only(fixture.run()).status()).isEqualTo(Status.CONTINUED);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void takesUpAStuckImportInTheNextRun() {
      // Looked at every 300 ms, it is pending for 6 minutes; one run waits for 5.
      importsAreFrom(1, new FakeMilvus.ImportFate(1200, ""));
      importsAreFrom(2, FakeMilvus.ImportFate.DONE);
      FerryException failure = fixture.run().failure().orElseThrow();
      assertThat(failure.code()).isEqualTo(ErrorCode.IMPORT_TASK_STUCK);
      assertThat(only(fixture.run()).status()).isEqualTo(Status.CONTINUED);
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void startsOverWhenTheServerForgotAnImport() {
      fixture
          .server
          .faults()
          .after(FakeCall.SUBMIT_IMPORT, 2, () -> fixture.server.forgetImports());
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_TIMEOUT", "SERVER_QUOTA", "SERVER_REFUSED"})
    void loadsNoRowTwiceWhenASubmissionFails(ErrorCode code) {
      fixture.server.faults().fail(FakeCall.SUBMIT_IMPORT, 2, code);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void loadsNoRowTwiceWhenTheAnswerToASubmissionIsLost() {
      fixture.server.faults().loseAnswer(FakeCall.SUBMIT_IMPORT, 2, ErrorCode.SERVER_TIMEOUT);
      CollectionResult result = only(fixture.run());
      assertThat(result.proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
      assertThat(
              fixture.server.importTasks("default").stream()
                  .filter(task -> task.collection().equals("products")))
          .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_TIMEOUT", "SERVER_QUOTA", "SERVER_REFUSED"})
    void insertsEveryRowOnceWhenAnInsertFails(ErrorCode code) {
      fixture.server.faults().fail(FakeCall.INSERT, 2, code);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void insertsEveryRowOnceWhenTheAnswerToAnInsertIsLost() {
      fixture.server.faults().loseAnswer(FakeCall.INSERT, 2, ErrorCode.SERVER_TIMEOUT);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(48);
    }

    @Test
    void looksRowsInDoubtUpWhereTheCollectionIsLoaded() {
      fixture.foreign(ImportFixture.described(), 900, 5);
      fixture.onExisting = OnExisting.APPEND;
      fixture.staging = new Staging.None();
      fixture.server.faults().loseAnswer(FakeCall.INSERT, 2, ErrorCode.SERVER_TIMEOUT);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
      assertThat(fixture.rows(PRODUCTS)).isEqualTo(53);
      assertThat(fixture.server.faults().count(FakeCall.UPSERT)).isZero();
    }

    @Test
    void flushesAgainWhileTheServerComesBack() {
      fixture.server.faults().fail(FakeCall.FLUSH, 1, ErrorCode.SERVER_REFUSED);
      assertThat(only(fixture.run()).proof().proven()).isTrue();
    }

    @Test
    void writesNothingWhenTheServerCannotReadTheStagingPlace() {
      fixture.blind = true;
      FerryException failure = failure();
      assertThat(failure.code()).isEqualTo(ErrorCode.STAGING_UNREADABLE);
      assertThat(failure).hasMessageContaining("no such file");
      assertThat(collections()).isEmpty();
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
      importsAreFrom(1, FakeMilvus.ImportFate.failed("out of memory"));
      importsAreFrom(7, FakeMilvus.ImportFate.DONE);
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
      fixture.foreign(ImportFixture.described(broken, ImportFixture.described().schema()), 0, 0);
      assertThat(failure().code()).isEqualTo(ErrorCode.TARGET_EXISTS);
      assertThat(collections()).containsExactly(broken);
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

    @Test
    void makesNothingWhenAnyPartIsNotSound() {
      archive(ImportFixture.described());
      var parts = fixture.archive.entry(0).parts();
      fixture.archive.unsound = parts.get(parts.size() - 1).path();

      assertThatThrownBy(() -> fixture.run())
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PART_UNREADABLE))
          .hasMessageContaining(fixture.archive.unsound);
      assertThat(fixture.server.collections("default")).isEmpty();
    }
  }
}
