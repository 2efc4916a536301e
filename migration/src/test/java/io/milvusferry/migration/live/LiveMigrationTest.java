package io.milvusferry.migration.live;

import static io.milvusferry.migration.live.LiveFixture.QUICK;
import static io.milvusferry.migration.live.LiveFixture.SHOP;
import static io.milvusferry.migration.live.LiveFixture.keys;
import static io.milvusferry.migration.live.LiveFixture.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ReadCounts.SideReads;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.FakeCall;
import io.milvusferry.testkit.FakeMilvus.ImportFate;
import io.milvusferry.testkit.SampleRows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveMigrationTest {
  private static final Duration LAG = Duration.ofSeconds(5);
  private static final CutoverOptions STEPS = CutoverOptions.DEFAULT;

  @TempDir Path directory;
  private LiveFixture live = new LiveFixture(Path.of(""));

  @BeforeEach
  void twoServersAndAGateway() {
    live = new LiveFixture(directory);
    live.create(SHOP, 60);
  }

  private static ErrorCode code(LiveResult result) {
    return result.failure().orElseThrow().code();
  }

  private void started() {
    assertThat(live.start(QUICK).failure()).isEmpty();
  }

  private LiveResult cutover() {
    return live.migration().cutover(NameFilter.ALL, STEPS);
  }

  private void cutOver() {
    started();
    assertThat(cutover().failure()).isEmpty();
  }

  private LiveResult finish() {
    return live.migration().finish(NameFilter.ALL, QUICK, true);
  }

  private LiveResult rollback() {
    return live.migration().rollback(NameFilter.ALL, false, false);
  }

  private Direction direction() {
    return Mirrors.of(live.gateway, SHOP).orElseThrow().direction();
  }

  private int weight() {
    return Mirrors.of(live.gateway, SHOP).orElseThrow().readWeight();
  }

  private CutoverSafety safety() {
    return live.migration().status(NameFilter.ALL, LAG).collections().get(0).safety();
  }

  @Nested
  class Start {
    @Test
    void endsWithEqualSidesThatAreSafeToCutOver() {
      started();

      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.SHADOW);
      assertThat(live.difference(SHOP).equal()).isTrue();
      assertThat(live.difference(SHOP).expected().rows()).isEqualTo(90);
      assertThat(live.recorded(SHOP).comparison().orElseThrow().rounds()).isEqualTo(2);
      assertThat(safety().words()).isEqualTo("yes");
    }

    @Test
    void waitsForAnImportThatBeganBeforeTheMirror() {
      live.source.importsAre(ImportFate.STUCK);
      assertThat(live.source.target(SHOP).submitImport("_default", "rows.parquet")).isPositive();

      assertThat(code(live.start(QUICK))).isEqualTo(ErrorCode.IMPORT_UNDER_WAY);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.PREPARE);
      assertThat(Mirrors.of(live.gateway, SHOP)).isPresent();
      assertThat(live.target.target(SHOP).exists()).isFalse();

      live.source.forgetImports();
      started();
    }

    @Test
    void letsWritesWinThatCameWhileRowsWereCopied() {
      live.migration()
          .start(
              NameFilter.ALL,
              (name, mirror) -> {
                live.gateway.delete(SHOP, "_default", keys(3));
                live.copy(name, mirror);
                live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 3, 4));
                live.gateway.delete(SHOP, "_default", keys(5, 59));
              },
              QUICK);

      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.SHADOW);
      assertThat(live.difference(SHOP).equal()).isTrue();
      assertThat(live.difference(SHOP).expected().rows()).isEqualTo(88);
    }

    @Test
    void repairsWhatTheBackfillGotWrong() {
      LiveResult result =
          live.migration()
              .start(
                  NameFilter.ALL,
                  (name, mirror) -> {
                    live.copy(name, mirror);
                    live.target.target(name).delete("b", keys(1_000_003));
                    live.target
                        .target(name)
                        .upsert("_default", live.rows.rows(schema(false), 50, 20));
                  },
                  QUICK);

      assertThat(result.failure()).isEmpty();
      assertThat(live.difference(SHOP).equal()).isTrue();
      ComparisonNote note = live.recorded(SHOP).comparison().orElseThrow();
      assertThat(note.repaired()).isEqualTo(21);
      assertThat(note.differences()).isZero();
      assertThat(note.rounds()).isEqualTo(3);
    }

    @Test
    void triesAgainWhileTheGatewayIsBusy() {
      live.gateway.busy(2);

      live.migration()
          .start(
              NameFilter.ALL,
              (name, mirror) -> {
                live.copy(name, mirror);
                live.target.target(name).delete("b", keys(1_000_003));
              },
              QUICK);

      assertThat(live.recorded(SHOP).comparison().orElseThrow().repaired()).isEqualTo(1);
    }

    @Test
    void givesUpWhenSomebodyElseKeepsChangingTheTarget() {
      AtomicInteger lost = new AtomicInteger();
      live.target.faults().before(FakeCall.SLICES, 1, () -> takeAway(lost));

      LiveResult result = live.start(QUICK);

      assertThat(code(result)).isEqualTo(ErrorCode.ROWS_DIFFER);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.CATCH_UP);
      assertThat(safety().words()).contains("phase compare is not done");
    }

    private void takeAway(AtomicInteger lost) {
      live.target.target(SHOP).delete("_default", keys(lost.getAndIncrement()));
      live.target.faults().before(FakeCall.SLICES, 1, () -> takeAway(lost));
    }

    @Test
    void holdsTheJournalUntilRowsAreThereAndStopsWhereItShould() {
      live.start(QUICK.until(MigrationPhase.MIRROR));

      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.MIRROR);
      assertThat(Mirrors.of(live.gateway, SHOP).orElseThrow().replaying()).isFalse();
      assertThat(live.target.target(SHOP).exists()).isFalse();

      started();
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.SHADOW);
    }

    @Test
    void refusesATargetThatIsThereAlready() {
      live.target.target(SHOP).create(CollectionDescriptions.of(SHOP, schema(false)), Map.of());

      assertThat(code(live.start(QUICK))).isEqualTo(ErrorCode.TARGET_EXISTS);
      assertThat(live.gateway.mirrors(SHOP)).isFalse();
      assertThat(live.isRecorded(SHOP)).isFalse();
    }

    @Test
    void refusesACollectionWhoseRowsCannotBeRead() {
      live.source.source(SHOP).release();

      assertThat(code(live.start(QUICK))).isEqualTo(ErrorCode.COLLECTION_NOT_LOADED);
    }

    @Test
    void goesOnWithOthersWhenOneFails() {
      CollectionName other = new CollectionName("default", "alone");
      live.create(other, 10);
      live.source.source(other).release();

      LiveResult result = live.start(QUICK);

      assertThat(code(result)).isEqualTo(ErrorCode.SOME_COLLECTIONS_FAILED);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.SHADOW);
    }

    @Test
    void saysWhatTheTargetRefusedForGood() {
      live.start(QUICK.until(MigrationPhase.BACKFILL));
      live.gateway.failWrites(SHOP, 2);
      live.gateway.replayFails("stuck");
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 3, 1));

      LiveResult result = live.start(QUICK);

      assertThat(code(result)).isEqualTo(ErrorCode.MIRROR_UNSAFE);
      assertThat(result.failure().orElseThrow())
          .hasMessageContaining("refused 2 writes")
          .hasMessageContaining("too long");

      live.gateway.replayFails("");
      assertThat(live.migration().retryFailed(NameFilter.ALL).failure()).isEmpty();
      started();
    }

    @Test
    void givesUpCatchingUpWhenTheJournalDoesNotShrink() {
      live.start(QUICK.until(MigrationPhase.BACKFILL));
      live.gateway.replayFails("target is down");
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 3, 1));
      live.pace.pause(Duration.ofSeconds(10));

      LiveResult result = live.start(QUICK);

      assertThat(code(result)).isEqualTo(ErrorCode.MIRROR_LAGGING);
      assertThat(result.failure().orElseThrow()).hasMessageContaining("target is down");
      live.gateway.replayFails("");
      started();
      assertThat(live.difference(SHOP).equal()).isTrue();
    }

    @Test
    void comparesAgainAfterAWriteOfUnknownOutcome() {
      started();
      live.gateway.dirty(SHOP);
      live.target.target(SHOP).delete("b", keys(1_000_001));
      assertThat(safety().safe()).isFalse();

      started();

      assertThat(safety().safe()).isTrue();
      assertThat(live.difference(SHOP).equal()).isTrue();
    }

    @Test
    void noticesAGatewayWithAnotherJournal() {
      live.start(QUICK.until(MigrationPhase.MIRROR));
      live.gateway.lose(SHOP);

      assertThat(code(live.start(QUICK))).isEqualTo(ErrorCode.GATEWAY_STATE_OTHER);
    }

    @Test
    void keepsWhatShadowReadsFoundAndObeysTheLeastRecall() {
      live.gateway.shadowsAre(new ShadowCounts(40, 0, 0.5, 900, 1100));
      StartOptions strict =
          new StartOptions(
              MigrationPhase.SHADOW,
              QUICK.lagLimit(),
              QUICK.patience(),
              1,
              Duration.ZERO,
              5,
              RepairLimit.USUAL,
              10,
              Duration.ofSeconds(60),
              0.9);

      LiveResult refused = live.start(strict);
      assertThat(code(refused)).isEqualTo(ErrorCode.CUTOVER_UNSAFE);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.COMPARE);

      LiveResult told = live.start(QUICK);
      assertThat(told.failure()).isEmpty();
      assertThat(told.collections().get(0).notes())
          .anyMatch(note -> note.contains("finds 50.0 % of what the source finds"));
      ShadowNote note = live.recorded(SHOP).shadow().orElseThrow();
      assertThat(note.searches()).isEqualTo(40);
      assertThat(note.probes()).isPositive();
      assertThat(note.probeRecall()).isEqualTo(1);
    }

    @Test
    void isDoneWhereverItWasKilledAndRunAgain() {
      started();
      int changes = live.gateway.changes();
      for (int kill = 1; kill <= changes; kill++) {
        for (boolean after : new boolean[] {false, true}) {
          sweep(kill, after);
        }
      }
    }

    private void sweep(int kill, boolean after) {
      LiveFixture fresh = new LiveFixture(directory.resolve("k" + kill + after));
      assertThat(directory.resolve("k" + kill + after).toFile().mkdir()).isTrue();
      fresh.create(SHOP, 20);
      fresh.gateway.killAt(kill, after);
      assertThatThrownBy(() -> fresh.start(QUICK)).isInstanceOf(Killed.class);
      if (fresh.gateway.mirrors(SHOP)) {
        fresh.gateway.upsert(SHOP, "_default", fresh.rows.rows(schema(false), 15, 10));
        fresh.gateway.delete(SHOP, "_default", keys(1, 17));
      }

      assertThat(fresh.start(QUICK).failure()).isEmpty();

      assertThat(fresh.recorded(SHOP).done()).isEqualTo(MigrationPhase.SHADOW);
      assertThat(fresh.difference(SHOP).equal()).isTrue();
    }

    @Test
    void doesNotRunTwiceAtATime() {
      try (LiveState held = LiveState.open(directory)) {
        assertThat(held.collections()).isEmpty();
        assertThatThrownBy(() -> live.start(QUICK))
            .isInstanceOf(FerryException.class)
            .extracting(e -> ((FerryException) e).code())
            .isEqualTo(ErrorCode.DIRECTORY_LOCKED);
      }
    }
  }

  @Nested
  class Cutover {
    @Test
    void goesStepByStepAndLetsTheTargetDecideInTheEnd() {
      cutOver();

      assertThat(live.gateway.log())
          .containsSubsequence(
              "weight default.shop 10",
              "weight default.shop 50",
              "weight default.shop 100",
              "direct default.shop REVERSE");
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.REVERSE);
      assertThat(live.recorded(SHOP).readWeight()).isEqualTo(100);
    }

    @Test
    void watchesEachStepAsLongAsItShould() {
      started();
      var before = live.pace.instant();

      cutover();

      assertThat(Duration.between(before, live.pace.instant()))
          .isBetween(Duration.ofSeconds(180), Duration.ofSeconds(190));
    }

    @Test
    void goesBackAStepWhenTooManyReadsFail() {
      started();
      live.gateway.readsAre(
          weight ->
              new ReadCounts(
                  new SideReads(100, 0, 1, 2), new SideReads(100, weight >= 50 ? 50 : 0, 1, 2), 0));

      LiveResult result = cutover();

      assertThat(code(result)).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);
      assertThat(weight()).isEqualTo(10);
      assertThat(live.recorded(SHOP).readWeight()).isEqualTo(10);
      assertThat(live.recorded(SHOP).note())
          .startsWith("went back from 50 % to 10 %: 50.0 % of 100 reads failed at the target");
      assertThat(direction()).isEqualTo(Direction.FORWARD);

      live.gateway.readsAre(weight -> ReadCounts.NONE);
      assertThat(cutover().failure()).isEmpty();
      assertThat(weight()).isEqualTo(100);
      assertThat(live.gateway.log().stream().filter("weight default.shop 10"::equals)).hasSize(2);
    }

    @Test
    void goesBackEarlyRatherThanWatchErrors() {
      started();
      live.gateway.readsAre(
          weight -> new ReadCounts(SideReads.NONE, new SideReads(20, 20, 1, 2), 0));
      var before = live.pace.instant();

      assertThat(code(cutover())).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);

      assertThat(weight()).isZero();
      assertThat(live.pace.instant()).isEqualTo(before);
    }

    @Test
    void goesBackWhenProbesFailThatNoApplicationSent() {
      started();
      live.target.faults().failFrom(FakeCall.SEARCH, 1, ErrorCode.SERVER_REFUSED);

      LiveResult result = cutover();

      assertThat(code(result)).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);
      assertThat(live.recorded(SHOP).note()).contains("probes failed at the target");
      assertThat(weight()).isZero();
    }

    @Test
    void goesBackWhenTheTargetAnswersAnotherRow() {
      started();
      for (int key = 0; key < 60; key++) {
        live.target.target(SHOP).delete("_default", keys(key));
      }

      assertThat(code(cutover())).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);
      assertThat(live.recorded(SHOP).note()).contains("is another at the target");
    }

    @Test
    void goesBackWhenNoReadReachesTheTarget() {
      started();
      live.gateway.readsAre(
          weight -> new ReadCounts(new SideReads(30, 0, 1, 2), SideReads.NONE, 30));

      assertThat(code(cutover())).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);
      assertThat(live.recorded(SHOP).note()).contains("not one of 30 reads reached the target");
    }

    @Test
    void goesBackWhenAWriteFailsMeanwhile() {
      started();
      live.pace.meanwhile(() -> live.gateway.failWrites(SHOP, 1));

      assertThat(code(cutover())).isEqualTo(ErrorCode.CUTOVER_WENT_BACK);
      assertThat(live.recorded(SHOP).note()).contains("refused for good");
    }

    @Test
    void isRefusedUnlessTheSidesWereCompared() {
      live.start(QUICK.until(MigrationPhase.CATCH_UP));

      assertUnsafe("phase compare is not done");
    }

    @Test
    void isRefusedWithFailedWrites() {
      started();
      live.gateway.failWrites(SHOP, 3);

      assertUnsafe("3 writes were refused for good");
    }

    @Test
    void isRefusedWithWritesOfUnknownOutcome() {
      started();
      live.gateway.unresolved(SHOP, 1);

      assertUnsafe("1 writes have an unknown outcome");
    }

    @Test
    void isRefusedWhileDirty() {
      started();
      live.gateway.dirty(SHOP);

      assertUnsafe("after the last comparison");
    }

    @Test
    void isRefusedWhileTheTargetLags() {
      started();
      live.gateway.replayFails("target is down");
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 3, 1));
      live.pace.pause(Duration.ofSeconds(6));

      assertUnsafe("the journal is 1 records and 6 s behind: target is down");
    }

    private void assertUnsafe(String reason) {
      assertThatThrownBy(LiveMigrationTest.this::cutover)
          .isInstanceOf(FerryException.class)
          .hasMessageContaining(reason)
          .extracting(e -> ((FerryException) e).code())
          .isEqualTo(ErrorCode.CUTOVER_UNSAFE);
      assertThat(weight()).isZero();
      assertThat(safety().words()).startsWith("no, because ").contains(reason);
    }

    @Test
    void leavesTheSourceInChargeWhereItMakesTheKeys() {
      CollectionName keyless = new CollectionName("default", "keyless");
      live.source
          .target(keyless)
          .create(CollectionDescriptions.of(keyless, schema(true)), Map.of());
      LiveFixture.index(live.source, keyless, schema(true));
      started();

      LiveResult result = cutover();

      assertThat(result.failure()).isEmpty();
      assertThat(live.recorded(keyless).done()).isEqualTo(MigrationPhase.CUT_OVER);
      assertThat(Mirrors.of(live.gateway, keyless).orElseThrow().direction())
          .isEqualTo(Direction.FORWARD);
      assertThat(result.collections().get(0).notes())
          .anyMatch(note -> note.contains("makes the keys"));
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.REVERSE);
    }

    @Test
    void leavesTheSourceInChargeWhereThatIsWanted() {
      started();

      live.migration()
          .cutover(
              NameFilter.ALL, new CutoverOptions(List.of(100), Duration.ZERO, 0.01, LAG, false));

      assertThat(direction()).isEqualTo(Direction.FORWARD);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.CUT_OVER);
    }

    @Test
    void isDoneWhereverItWasKilledAndRunAgain() {
      started();
      int before = live.gateway.changes();
      cutover();
      int changes = live.gateway.changes() - before;
      for (int kill = 1; kill <= changes; kill++) {
        for (boolean after : new boolean[] {false, true}) {
          rollback();
          live.gateway.killAt(kill, after);
          assertThatThrownBy(LiveMigrationTest.this::cutover).isInstanceOf(Killed.class);

          assertThat(cutover().failure()).isEmpty();

          assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.REVERSE);
          assertThat(direction()).isEqualTo(Direction.REVERSE);
          assertThat(weight()).isEqualTo(100);
        }
      }
    }
  }

  @Nested
  class Rollback {
    @Test
    void sendsReadsAndWritesBackWithEveryWriteOfTheTarget() {
      cutOver();
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 55, 10));
      live.gateway.delete(SHOP, "_default", keys(2));

      LiveResult result = rollback();

      assertThat(result.failure()).isEmpty();
      assertThat(weight()).isZero();
      assertThat(direction()).isEqualTo(Direction.FORWARD);
      assertThat(live.difference(SHOP).equal()).isTrue();
      assertThat(live.source.source(SHOP).count("_default")).contains(64L);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.SHADOW);
      assertThat(cutover().failure()).isEmpty();
    }

    @Test
    void changesNothingAtAnyPhaseBefore() {
      for (MigrationPhase phase :
          List.of(
              MigrationPhase.PREPARE,
              MigrationPhase.MIRROR,
              MigrationPhase.BACKFILL,
              MigrationPhase.CATCH_UP,
              MigrationPhase.COMPARE,
              MigrationPhase.SHADOW)) {
        assertThat(live.start(QUICK.until(phase)).failure()).isEmpty();

        assertThat(rollback().failure()).isEmpty();

        assertThat(live.recorded(SHOP).done()).isEqualTo(phase);
      }
      assertThat(live.difference(SHOP).equal()).isTrue();
    }

    @Test
    void putsReadsBackEvenIfTheSourceDoesNotCatchUp() {
      cutOver();
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 55, 1));
      live.gateway.replayFails("source is down");

      assertThat(code(rollback())).isEqualTo(ErrorCode.MIRROR_BUSY);
      assertThat(weight()).isZero();
      assertThat(direction()).isEqualTo(Direction.REVERSE);

      live.gateway.replayFails("");
      assertThat(rollback().failure()).isEmpty();
      assertThat(direction()).isEqualTo(Direction.FORWARD);
    }

    @Test
    void givesUpAtAnyPhaseAndLeavesNothingMirrored() {
      for (MigrationPhase phase :
          List.of(MigrationPhase.MIRROR, MigrationPhase.BACKFILL, MigrationPhase.SHADOW)) {
        assertThat(live.start(QUICK.until(phase)).failure()).isEmpty();

        live.migration().rollback(NameFilter.ALL, true, true);

        assertThat(live.gateway.mirrors(SHOP)).isFalse();
        assertThat(live.isRecorded(SHOP)).isFalse();
        assertThat(live.target.target(SHOP).exists()).isFalse();
        assertThat(live.source.source(SHOP).count()).contains(90L);
      }
    }

    @Test
    void keepsTheTargetCollectionUnlessToldOtherwise() {
      started();

      live.migration().rollback(NameFilter.ALL, true, false);

      assertThat(live.target.target(SHOP).exists()).isTrue();
      assertThat(code(live.start(QUICK))).isEqualTo(ErrorCode.TARGET_EXISTS);
    }

    @Test
    void neverDropsACollectionThatFerryDidNotMake() {
      started();
      live.target.recreate(SHOP);

      LiveResult result = live.migration().rollback(NameFilter.ALL, true, true);

      assertThat(live.target.target(SHOP).exists()).isTrue();
      assertThat(result.collections().get(0).notes())
          .anyMatch(note -> note.contains("not recorded that ferry made it"));
    }

    @Test
    void isRefusedOnceTheSourceWasLeftBehind() {
      cutOver();
      finish();

      assertThat(code(rollback())).isEqualTo(ErrorCode.PHASE_WRONG);
    }
  }

  @Nested
  class Finish {
    private int version;

    @Test
    void leavesTheSourceBehind() {
      cutOver();

      assertThat(finish().failure()).isEmpty();

      assertThat(direction()).isEqualTo(Direction.RETIRED);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.RETIRE);
      assertThat(finish().failure()).isEmpty();
    }

    @Test
    void isRefusedBeforeAllReadsAreAtTheTarget() {
      started();

      assertRefused("0 % of reads go to the target");
    }

    @Test
    void isPutOffWhileTheJournalCannotBeDrained() {
      cutOver();
      live.gateway.replayFails("source is down");
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 3, 1));

      LiveResult result = finish();

      assertThat(code(result)).isEqualTo(ErrorCode.MIRROR_BUSY);
      assertThat(direction()).isNotEqualTo(Direction.RETIRED);
    }

    @Test
    void takesAlongAWriteThatComesWhileItFinishes() {
      cutOver();
      live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 3, 1));
      live.gateway.beforeReconciling(
          () -> live.gateway.upsert(SHOP, "_default", live.rows.rows(schema(false), 4, 1)));

      assertThat(finish().failure()).isEmpty();

      assertThat(direction()).isEqualTo(Direction.RETIRED);
      assertThat(live.difference(SHOP).equal()).isTrue();
    }

    @Test
    void isRefusedWithFailedWrites() {
      cutOver();
      live.gateway.failWrites(SHOP, 1);

      assertRefused("refused for good");
    }

    private void assertRefused(String reason) {
      LiveResult result = finish();
      assertThat(code(result)).isEqualTo(ErrorCode.CUTOVER_UNSAFE);
      assertThat(result.failure().orElseThrow()).hasMessageContaining(reason);
      assertThat(direction()).isNotEqualTo(Direction.RETIRED);
    }

    @Test
    void repairsTheSideThatFollowsBeforeItLetsGo() {
      cutOver();
      live.source.target(SHOP).delete("_default", keys(7));

      assertThat(finish().failure()).isEmpty();

      assertThat(live.difference(SHOP).equal()).isTrue();
      assertThat(live.recorded(SHOP).comparison().orElseThrow().repaired()).isEqualTo(1);
    }

    @Test
    void deletesNothingWhereTheTargetAnswersWithoutSomeRowsForAWhile() {
      cutOver();
      live.target.target(SHOP).delete("_default", keys(5, 6, 7));
      List<RecordBatch> rows = live.source.source(SHOP).rows("_default", keys(5, 6, 7));
      live.gateway.betweenLooks(
          () -> rows.forEach(batch -> live.target.target(SHOP).upsert("_default", batch)));

      assertThat(finish().failure()).isEmpty();

      assertThat(live.source.source(SHOP).count("_default")).contains(60L);
      assertThat(live.difference(SHOP).equal()).isTrue();
      ComparisonNote note = live.recorded(SHOP).comparison().orElseThrow();
      assertThat(note.repaired()).isZero();
      assertThat(note.rounds()).isEqualTo(2);
    }

    @Test
    void saysSoWhereTheAnswersOfTheTargetNeverSettle() {
      cutOver();
      flicker();

      LiveResult result = finish();

      assertThat(code(result)).isEqualTo(ErrorCode.ANSWERS_UNSETTLED);
      assertThat(result.failure().orElseThrow())
          .hasMessageContaining("what the target answers about 1 rows still changed");
      assertThat(live.source.source(SHOP).count("_default")).contains(60L);
      assertThat(direction()).isEqualTo(Direction.REVERSE);
    }

    /** The target shows row 5 in another version whenever somebody looks again. */
    private void flicker() {
      live.target
          .target(SHOP)
          .upsert("_default", new SampleRows(++version).rows(schema(false), 5, 1));
      live.gateway.betweenLooks(this::flicker);
    }

    @Test
    void refusesToDeleteAShareOfTheSourceThatNobodyCanHaveMeant() {
      cutOver();
      List<Key> many = LongStream.range(0, 40).<Key>mapToObj(Key.Int64::new).toList();
      live.target.target(SHOP).delete("_default", many);

      LiveResult result = finish();

      assertThat(code(result)).isEqualTo(ErrorCode.REPAIR_REFUSED);
      assertThat(result.failure().orElseThrow())
          .hasMessage(
              "default.shop: of 90 rows of the source, at least 40 are missing or others at the"
                  + " target, which decides; they were left alone, since no more than 20 are deleted"
                  + " or overwritten");
      assertThat(result.failure().orElseThrow().hint()).contains("add --max-repairs N");
      assertThat(live.source.source(SHOP).count("_default")).contains(60L);
      assertThat(direction()).isEqualTo(Direction.REVERSE);
      assertThat(live.recorded(SHOP).comparison().orElseThrow().differences()).isEqualTo(40);
    }

    @Test
    void countsOnlyRowsThatTheGatewayFindsMissingToo() {
      cutOver();
      List<Key> many = LongStream.range(0, 40).<Key>mapToObj(Key.Int64::new).toList();
      List<RecordBatch> rows = live.source.source(SHOP).rows("_default", many);
      live.target.target(SHOP).delete("_default", many);
      live.gateway.beforeReconciling(
          () -> rows.forEach(batch -> live.target.target(SHOP).upsert("_default", batch)));

      assertThat(finish().failure()).isEmpty();

      assertThat(live.difference(SHOP).equal()).isTrue();
      assertThat(live.source.source(SHOP).count("_default")).contains(60L);
      assertThat(live.recorded(SHOP).comparison().orElseThrow().repaired()).isZero();
    }

    @Test
    void deletesAsManyRowsAsTheOperatorSays() {
      cutOver();
      List<Key> many = LongStream.range(0, 40).<Key>mapToObj(Key.Int64::new).toList();
      live.target.target(SHOP).delete("_default", many);

      StartOptions allowed = QUICK.comparing(1, Duration.ZERO, RepairLimit.of(40));
      LiveResult result = live.migration().finish(NameFilter.ALL, allowed, true);

      assertThat(result.failure()).isEmpty();
      assertThat(live.source.source(SHOP).count("_default")).contains(20L);
      assertThat(live.difference(SHOP).equal()).isTrue();
    }

    @Test
    void isDoneWhereverItWasKilledAndRunAgain() {
      cutOver();
      live.gateway.killAt(2, true);
      assertThatThrownBy(LiveMigrationTest.this::finish).isInstanceOf(Killed.class);
      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.REVERSE);

      assertThat(finish().failure()).isEmpty();

      assertThat(live.recorded(SHOP).done()).isEqualTo(MigrationPhase.RETIRE);
    }
  }
}
