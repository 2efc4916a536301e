package io.milvusferry.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Staging;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.FakeCall;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
  private static final CollectionName INTS = MigrationFixture.name("ints");
  private static final CollectionName WORDS = MigrationFixture.name("words");
  private static final CollectionName BITS = MigrationFixture.name("bits");
  private static final CollectionName EMPTY = MigrationFixture.name("empty");
  private static final CollectionSchema INT_SCHEMA =
      MigrationFixture.schema(FieldType.INT64, FieldType.FLOAT_VECTOR);

  @TempDir Path dir;

  private MigrationFixture servers = new MigrationFixture(Path.of(""));

  @BeforeEach
  void fill() {
    servers = new MigrationFixture(dir);
    servers.fill(INTS, INT_SCHEMA, 700);
    servers.fill(
        WORDS, MigrationFixture.schema(FieldType.VARCHAR, FieldType.FLOAT_VECTOR), 150, "p1", "p2");
    servers.fill(BITS, MigrationFixture.schema(FieldType.INT64, FieldType.BINARY_VECTOR), 90);
    servers.fill(EMPTY, INT_SCHEMA, 0);
    servers.source.setAlias(INTS, "ints_live");
  }

  @Test
  void movesCollectionsOfAnyShapeAndLeavesNoPartBehind() throws IOException {
    servers.jobs = 3;
    MigrationResult result = servers.run();
    assertThat(result.failure()).isEmpty();
    assertThat(result.proven()).isTrue();
    assertThat(result.collections())
        .extracting(MoveResult::source, MoveResult::status, MoveResult::rows)
        .containsExactly(
            tuple(BITS, Status.IMPORTED, 90L),
            tuple(EMPTY, Status.IMPORTED, 0L),
            tuple(INTS, Status.IMPORTED, 700L),
            tuple(WORDS, Status.IMPORTED, 300L));
    for (CollectionName name : List.of(INTS, WORDS, BITS, EMPTY)) {
      assertThat(servers.target.source(name).describe())
          .isEqualTo(servers.source.source(name).describe());
    }
    assertThat(servers.parts()).isEmpty();
  }

  @Test
  void aSourceThatNeedNotStandStillIsNotFlushed() {
    servers.compare = false;
    MigrationResult result = servers.run();
    assertThat(result.failure()).isEmpty();
    assertThat(servers.rowsAtTarget(INTS)).isEqualTo(700);
    assertThat(servers.source.faults().count(FakeCall.FLUSH)).isZero();
  }

  @Test
  void oneFailureDoesNotStopTheOthersAndARerunTakesUpWhatIsMissing() {
    servers
        .target
        .target(INTS)
        .create(
            CollectionDescriptions.of(
                INTS, MigrationFixture.schema(FieldType.VARCHAR, FieldType.FLOAT_VECTOR)),
            new TreeMap<>());
    MigrationResult first = servers.run();
    assertThat(first.failure().orElseThrow().code()).isEqualTo(ErrorCode.SOME_COLLECTIONS_FAILED);
    assertThat(first.collections())
        .extracting(MoveResult::status)
        .containsExactly(Status.IMPORTED, Status.IMPORTED, Status.FAILED, Status.IMPORTED);
    assertThat(first.collections().get(2).failure().orElseThrow().code())
        .isEqualTo(ErrorCode.TARGET_SCHEMA_DIFFERS);

    servers.target.target(INTS).drop();
    MigrationResult second = servers.run();
    assertThat(second.proven()).isTrue();
    assertThat(second.collections())
        .extracting(MoveResult::status)
        .containsExactly(
            Status.NOTHING_TO_DO, Status.NOTHING_TO_DO, Status.IMPORTED, Status.NOTHING_TO_DO);
  }

  @Test
  void theFailureOfAllIsThatOfEach() {
    servers.target.faults().failFrom(FakeCall.CREATE, 1, ErrorCode.SERVER_CREDENTIALS);
    assertThat(servers.run().failure().orElseThrow().code())
        .isEqualTo(ErrorCode.SERVER_CREDENTIALS);
  }

  @Test
  void largeCollectionsGoByBulkImportThroughTheStagingDirectory() throws IOException {
    CollectionName large = MigrationFixture.name("large");
    servers.fill(
        large,
        SampleRows.schema(FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 4)),
        20_000);
    servers.source.pageRows(5_000);
    Path shared = Files.createDirectories(dir.resolve("shared"));
    servers.staging = new Staging.Directory(shared, shared.toString());
    MigrationResult result = servers.run();
    assertThat(result.proven()).isTrue();
    assertThat(servers.target.importTasks("default"))
        .extracting(task -> task.collection())
        .contains("large");
    assertThat(shared).isEmptyDirectory();
    assertThat(servers.parts()).isEmpty();
  }

  @Test
  void aRowThatIsWrittenWhileOthersAreCopiedIsADifference() {
    AtomicBoolean written = new AtomicBoolean();
    servers
        .target
        .faults()
        .after(
            FakeCall.INSERT,
            1,
            () -> {
              written.set(true);
              servers
                  .source
                  .target(INTS)
                  .insert("_default", new SampleRows(3).rows(INT_SCHEMA, 5_000, 1));
            });
    MigrationResult result = servers.run();
    assertThat(written).isTrue();
    assertThat(result.failure().orElseThrow().code()).isEqualTo(ErrorCode.ROWS_DIFFER);
    MoveResult ints = result.collections().get(2);
    assertThat(ints.status()).isEqualTo(Status.DIFFERENT);
    assertThat(ints.findings()).anyMatch(text -> text.contains("1 rows are missing"));

    assertThat(servers.run().collections().get(2).status()).isEqualTo(Status.DIFFERENT);
    servers.onExisting = OnExisting.REPLACE;
    assertThat(servers.run().proven()).isTrue();
    assertThat(servers.rowsAtTarget(INTS)).isEqualTo(701);
  }

  @Test
  void aCollectionThatIsReleasedIsLoadedForTheTimeOnly() {
    servers.source.source(INTS).release();
    MigrationResult refused = servers.run();
    assertThat(refused.collections().get(2).failure().orElseThrow().code())
        .isEqualTo(ErrorCode.COLLECTION_NOT_LOADED);
    servers.load = true;
    assertThat(servers.run().proven()).isTrue();
    assertThat(servers.source.source(INTS).loadState()).isEqualTo(LoadState.NOT_LOADED);
    assertThat(servers.target.source(INTS).loadState()).isEqualTo(LoadState.NOT_LOADED);
  }

  @Test
  void aSourceThatIsMadeAnewIsNotMixedWithWhatWasMoved() {
    servers.target.faults().failFrom(FakeCall.FLUSH, 1, ErrorCode.SERVER_CREDENTIALS);
    servers.run();
    servers.target.faults().clear();
    servers.source.recreate(INTS);
    servers.source.target(INTS).insert("_default", new SampleRows(9).rows(INT_SCHEMA, 0, 30));
    assertThat(servers.run().collections().get(2).failure()).isPresent();
    servers.onExisting = OnExisting.REPLACE;
    assertThat(servers.run().proven()).isTrue();
    assertThat(servers.rowsAtTarget(INTS)).isEqualTo(30);
  }

  @Test
  void nothingSelectedIsAFailureOfTheWhole() {
    servers.source.target(INTS).drop();
    servers.source.target(WORDS).drop();
    servers.source.target(BITS).drop();
    servers.source.target(EMPTY).drop();
    assertThatThrownBy(servers::run).hasMessageContaining("no collections");
  }
}
