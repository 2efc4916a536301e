package io.milvusferry.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MirroringTest {
  private static final CollectionName BOOKS = new CollectionName("default", "books");
  private static final byte[] NO_KEYS = new byte[0];
  private static final List<Key> ROW_1 = List.of(new Key.Int64(1));
  private static final MirroringSettings SETTINGS =
      new MirroringSettings(
          1_000,
          4,
          Duration.ZERO,
          Duration.ofMillis(20),
          Duration.ofMillis(500),
          Duration.ofMillis(1),
          Duration.ofMillis(10));

  @TempDir Path dir;

  private final Following side = new Following();

  /** The side that follows: does what it is sent, but for what it refuses, while it is up. */
  private static final class Following implements ReplaySide {
    final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    final Set<String> refused = ConcurrentHashMap.newKeySet();
    final List<List<Key>> lookedUp = Collections.synchronizedList(new ArrayList<>());
    volatile boolean down;
    final Deque<Sighting> answers = new ConcurrentLinkedDeque<>();

    @Override
    public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
      String text = new String(request, StandardCharsets.UTF_8);
      if (down) {
        return new ReplayOutcome.Later("connection refused");
      }
      if (refused.contains(text)) {
        return new ReplayOutcome.Refused("too long");
      }
      sent.add(text);
      return new ReplayOutcome.Applied(5_000 + sent.size());
    }

    /** The looks that were arranged, one after the other; then both sides are empty. */
    @Override
    public Sighting look(CollectionName collection, String partition, List<Key> keys) {
      lookedUp.add(List.copyOf(keys));
      Sighting next = answers.poll();
      return next == null ? new Sighting(Map.of(), Map.of()) : next;
    }

    @Override
    public Repair repair(
        CollectionName collection, String partition, List<Key> keys, @Nullable Sighting before) {
      return FakeServer.repair(BOOKS, look(collection, partition, keys), keys, before);
    }
  }

  /** What both sides say of row 1; empty for nothing. */
  private static Sighting row(String deciding, String following) {
    return new Sighting(digests(deciding), digests(following));
  }

  private static Map<Key, ByteBuffer> digests(String value) {
    return value.isEmpty()
        ? Map.of()
        : FakeServer.digests(Map.of(1L, value), List.of(new Key.Int64(1)));
  }

  private Mirroring open(String source) {
    return Mirroring.open(
        dir, source, "b", side, side, SETTINGS, InstantSource.system(), new Random(1));
  }

  private static Write upsert(String body, long... keys) {
    List<Key> list = new ArrayList<>();
    for (long key : keys) {
      list.add(new Key.Int64(key));
    }
    return new Write(BOOKS, WriteKind.UPSERT, "", body.getBytes(StandardCharsets.UTF_8), list);
  }

  private static Write insert(String body) {
    return new Write(BOOKS, WriteKind.INSERT, "", body.getBytes(StandardCharsets.UTF_8), List.of());
  }

  private static MirrorStatus status(Mirroring mirroring) {
    return mirroring.status(BOOKS, ReadCounts.NONE, ShadowCounts.NONE);
  }

  private static void await(Mirroring mirroring, Predicate<MirrorStatus> state)
      throws InterruptedException {
    while (!state.test(status(mirroring))) {
      Thread.sleep(2);
    }
  }

  private static void assertFails(ErrorCode code, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void replaysWritesOfOneRowInTheOrderOfTheirTimestampsOnceItIsLetGo() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      WriteLog.Intent first = mirroring.intend(upsert("older", 1));
      WriteLog.Intent second = mirroring.intend(upsert("newer", 1));
      second.done(20, NO_KEYS);
      first.done(10, NO_KEYS);
      assertThat(status(mirroring).pendingRecords()).isEqualTo(2);
      Thread.sleep(50);
      assertThat(side.sent).isEmpty();
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).containsExactly("older", "newer");
      assertThat(mirroring.find(BOOKS))
          .hasValueSatisfying(m -> assertThat(m.followerTimestamp()).isEqualTo(5_002));
    }
  }

  @Test
  void holdsAWriteBackWhileOneUnderWayMayComeBeforeIt() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.replay(BOOKS, true);
      WriteLog.Intent slow = mirroring.intend(upsert("slow", 1));
      mirroring.intend(upsert("quick", 1)).done(20, NO_KEYS);
      Thread.sleep(100);
      assertThat(side.sent).isEmpty();
      slow.refused();
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).containsExactly("quick");
    }
  }

  @Test
  void goesOnWhereTheLastProcessStopped() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.readWeight(BOOKS, 30);
      mirroring.intend(upsert("kept", 1)).done(10, " and its ids".getBytes(StandardCharsets.UTF_8));
    }
    try (Mirroring mirroring = open("a")) {
      assertThat(status(mirroring).readWeight()).isEqualTo(30);
      assertThat(status(mirroring).pendingRecords()).isOne();
      assertThat(status(mirroring).sinceTimestamp()).isEqualTo(7);
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
    }
    assertThat(side.sent).containsExactly("kept and its ids");
  }

  @Test
  void isForOneProcessAndForTheServersItWasMadeFor() {
    try (Mirroring mirroring = open("a")) {
      assertThat(mirroring.collections()).isEmpty();
      assertFails(ErrorCode.DIRECTORY_LOCKED, () -> open("a"));
    }
    assertFails(ErrorCode.GATEWAY_STATE_OTHER, () -> open("other"));
    open("a").close();
  }

  @Test
  void takesNoMoreThanTheLimitAndGoesOnWhenTheOtherSideHasCaughtUp() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      side.down = true;
      mirroring.replay(BOOKS, true);
      mirroring.intend(upsert("x".repeat(1_000), 1)).done(10, NO_KEYS);
      assertFails(ErrorCode.MIRROR_LAGGING, () -> mirroring.intend(upsert("y", 2)));
      await(mirroring, s -> s.lastReplayError().contains("refused"));
      side.down = false;
      await(mirroring, MirrorStatus::caughtUp);
      mirroring.intend(upsert("y", 2)).done(11, NO_KEYS);
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).hasSize(2).last().isEqualTo("y");
    }
  }

  @Test
  void looksUpTheRowsOfAWriteOfUnknownOutcomeAndReplaysWhatDiffers() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(upsert("lost", 4, 5)).unknown();
      assertThat(status(mirroring).unresolved()).isOne();
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.lookedUp).contains(List.of(new Key.Int64(4), new Key.Int64(5)));
    }
  }

  @Test
  void settlesWhatIsUnknownOnlyWhenAllBeforeItIsReplayed() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      side.down = true;
      mirroring.intend(upsert("before", 4)).done(10, NO_KEYS);
      mirroring.intend(upsert("lost", 4)).unknown();
      mirroring.replay(BOOKS, true);
      await(mirroring, s -> !s.lastReplayError().isEmpty());
      Thread.sleep(300);
      assertThat(status(mirroring).unresolved()).isOne();
      side.down = false;
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).containsExactly("before");
      assertThat(side.lookedUp).contains(List.of(new Key.Int64(4)));
    }
  }

  @Test
  void aLostInsertWithoutKeysMakesTheCollectionDirtyAlsoAfterARestart() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(insert("who knows")).unknown();
      assertThat(status(mirroring).dirty()).isTrue();
    }
    try (Mirroring mirroring = open("a")) {
      assertThat(status(mirroring).dirty()).isTrue();
      mirroring.replay(BOOKS, true);
      assertFails(ErrorCode.MIRROR_UNSAFE, () -> mirroring.direct(BOOKS, Direction.REVERSE));
      mirroring.clean(BOOKS);
      mirroring.direct(BOOKS, Direction.REVERSE);
      assertThat(status(mirroring).direction()).isEqualTo(Direction.REVERSE);
    }
  }

  @Test
  void sendsNothingOfACollectionThatIsAnotherNowAlsoAfterARestart() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      assertThat(mirroring.identity(BOOKS)).isEmpty();
      mirroring.identify(BOOKS, "the first");
      mirroring.replay(BOOKS, true);
      mirroring.readWeight(BOOKS, 50);
      mirroring.breakOff(BOOKS, "it was made anew");
      mirroring.intend(upsert("after", 1)).done(10, NO_KEYS);
      mirroring.turn();
      assertThat(mirroring.find(BOOKS).orElseThrow().broken()).isEqualTo("it was made anew");
      assertThat(status(mirroring).lastReplayError()).isEqualTo("it was made anew");
    }
    try (Mirroring mirroring = open("a")) {
      mirroring.turn();
      assertThat(mirroring.identity(BOOKS)).isEqualTo("the first");
      assertThat(status(mirroring).replaying()).isFalse();
      assertThat(status(mirroring).readWeight()).isZero();
      assertThat(status(mirroring).dirty()).isTrue();
      assertThat(side.sent).isEmpty();
      mirroring.forget(BOOKS);
      mirroring.mirror(BOOKS, () -> 8);
      assertThat(mirroring.identity(BOOKS)).isEmpty();
    }
  }

  @Test
  void reconcilesThroughTheJournalAndWaitsForIt() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(upsert("before", 1)).done(10, NO_KEYS);
      assertFails(
          ErrorCode.MIRROR_BUSY, () -> mirroring.reconcile(BOOKS, "", ROW_1, RepairScope.upTo(1)));
      mirroring.replay(BOOKS, true);
      assertThat(reconciled(mirroring, RepairScope.upTo(1), row("new", "old"), row("new", "old")))
          .isEqualTo(new Reconciled(1, 0, 0));
      assertThat(side.sent).containsExactly("before", "1=new");
    }
  }

  @Test
  void deletesNoRowThatTheDecidingSideDidNotShowOnce() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.replay(BOOKS, true);
      assertThat(reconciled(mirroring, RepairScope.upTo(1), row("new", "new"), row("", "new")))
          .isEqualTo(new Reconciled(0, 1, 0));
      assertThat(reconciled(mirroring, RepairScope.upTo(1), row("", "new"), row("new", "new")))
          .isEqualTo(new Reconciled(0, 1, 0));
      assertThat(reconciled(mirroring, RepairScope.upTo(1), row("a", "a"), row("b", "b")))
          .isEqualTo(new Reconciled(0, 0, 0));
      assertThat(side.sent).isEmpty();
      assertThat(reconciled(mirroring, RepairScope.upTo(1), row("", "new"), row("", "new")))
          .isEqualTo(new Reconciled(1, 0, 0));
      assertThat(side.sent).containsExactly("1");
    }
  }

  @Test
  void overwritesNoRowByAVersionThatTheDecidingSideShowedOnce() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.replay(BOOKS, true);
      assertThat(reconciled(mirroring, RepairScope.upTo(1), row("new", "new"), row("old", "new")))
          .isEqualTo(new Reconciled(0, 1, 0));
      assertThat(side.sent).isEmpty();
    }
  }

  @Test
  void addsRowsAtOnceAndLeavesOthersAloneWhereNoMoreIsAllowed() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.replay(BOOKS, true);
      assertThat(reconciled(mirroring, RepairScope.ADDITIONS, row("", "there")))
          .isEqualTo(new Reconciled(0, 1, 0));
      assertThat(reconciled(mirroring, RepairScope.ADDITIONS, row("new", "old")))
          .isEqualTo(new Reconciled(0, 1, 0));
      assertThat(side.sent).isEmpty();
      assertThat(reconciled(mirroring, RepairScope.ADDITIONS, row("new", "")))
          .isEqualTo(new Reconciled(1, 0, 0));
      assertThat(side.sent).containsExactly("1=new");
    }
  }

  @Test
  void doesNothingWhereMoreRowsWouldBeLostThanAllowed() {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.replay(BOOKS, true);
      RepairScope none = RepairScope.upTo(0);
      assertThat(reconciled(mirroring, none, row("", "there"), row("", "there")))
          .isEqualTo(new Reconciled(0, 0, 1));
      assertThat(reconciled(mirroring, none, row("new", "old"), row("new", "old")))
          .isEqualTo(new Reconciled(0, 0, 1));
      assertThat(side.sent).isEmpty();
      assertThat(reconciled(mirroring, none, row("new", ""), row("new", "")))
          .isEqualTo(new Reconciled(1, 0, 0));
    }
  }

  private Reconciled reconciled(Mirroring mirroring, RepairScope scope, Sighting... looks) {
    side.answers.addAll(List.of(looks));
    Reconciled reconciled = mirroring.reconcile(BOOKS, "", ROW_1, scope);
    assertThat(side.answers).isEmpty();
    return reconciled;
  }

  @Test
  void settlesAWriteOfUnknownOutcomeByTwoLooksThatAgree() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(upsert("lost", 1)).unknown();
      side.answers.addAll(
          List.of(row("", "old"), row("new", "old"), row("old", "old"), row("new", "old")));
      side.answers.add(row("new", "old"));
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).containsExactly("1=new");
      assertThat(side.answers).isEmpty();
    }
  }

  @Test
  void settlesAWriteOfUnknownOutcomeOfARowThatIsWrittenAllTheTime() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(upsert("lost", 1)).unknown();
      side.answers.addAll(List.of(row("a", ""), row("b", "b"), row("c", "c")));
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).isEmpty();
      assertThat(side.answers).isEmpty();
    }
  }

  @Test
  void givesRoomBackToTheDiskWhenTheOtherSideHasCaughtUp() throws Exception {
    MirroringSettings settings = SETTINGS.withMaxLagBytes(1_000_000_000);
    try (Mirroring mirroring =
        Mirroring.open(
            dir, "a", "b", side, side, settings, InstantSource.system(), new Random(1))) {
      mirroring.mirror(BOOKS, () -> 7);
      String body = "x".repeat(500_000);
      for (int i = 1; i <= 160; i++) {
        mirroring.intend(upsert(body, i)).done(i, NO_KEYS);
      }
      assertThat(mirroring.journalBytes()).isGreaterThan(80_000_000);
      assertThat(dir.resolve("journal.db-wal").toFile().length()).isLessThan(80_000_000);
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
      while (dir.resolve("journal.db").toFile().length() > 36_000_000) {
        Thread.sleep(20);
      }
      assertThat(side.sent).hasSize(160);
    }
  }

  @Test
  void forgettingDropsWhatIsJournaled() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(upsert("dropped", 1)).done(10, NO_KEYS);
      mirroring.forget(BOOKS);
      assertThat(mirroring.find(BOOKS)).isEmpty();
      assertThat(mirroring.keptBytes()).isZero();
      assertFails(ErrorCode.COLLECTION_NOT_MIRRORED, () -> mirroring.intend(upsert("after", 1)));
      mirroring.mirror(BOOKS, () -> 8);
      mirroring.replay(BOOKS, true);
      await(mirroring, MirrorStatus::caughtUp);
      assertThat(side.sent).isEmpty();
    }
  }

  @Nested
  class WithARefusedWrite {
    private void refuseOneOfThree(Mirroring mirroring) throws InterruptedException {
      side.refused.add("bad");
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.intend(upsert("bad", 1, 2)).done(10, NO_KEYS);
      mirroring.intend(upsert("behind it", 2, 3)).done(11, NO_KEYS);
      mirroring.intend(upsert("behind that", 3)).done(12, NO_KEYS);
      mirroring.intend(upsert("beside", 4)).done(13, NO_KEYS);
      mirroring.replay(BOOKS, true);
      await(mirroring, s -> s.failedWrites() == 1 && side.sent.size() == 1);
    }

    @Test
    void keepsItAndWhatTouchesItsRowsAndGoesOnWithOthers() throws Exception {
      try (Mirroring mirroring = open("a")) {
        refuseOneOfThree(mirroring);
        assertThat(side.sent).containsExactly("beside");
        await(mirroring, s -> s.pendingRecords() == 2);
        assertThat(mirroring.failedWrites(BOOKS))
            .singleElement()
            .extracting(FailedWrite::keys, FailedWrite::reason, FailedWrite::kind)
            .containsExactly("1, 2", "too long", "UPSERT");
      }
      try (Mirroring mirroring = open("a")) {
        mirroring.intend(upsert("later", 3)).done(14, NO_KEYS);
        mirroring.intend(upsert("elsewhere", 5)).done(15, NO_KEYS);
        await(mirroring, s -> s.pendingRecords() == 3);
        assertThat(side.sent).containsExactly("beside", "elsewhere");
      }
    }

    @Test
    void isNoStateToTurnRoundOrToReconcileItsRows() throws Exception {
      try (Mirroring mirroring = open("a")) {
        refuseOneOfThree(mirroring);
        await(mirroring, s -> s.pendingRecords() == 2);
        assertFails(ErrorCode.MIRROR_UNSAFE, () -> mirroring.direct(BOOKS, Direction.REVERSE));
        assertFails(
            ErrorCode.MIRROR_UNSAFE,
            () -> mirroring.reconcile(BOOKS, "", List.of(new Key.Int64(3)), RepairScope.upTo(1)));
        assertThat(mirroring.reconcile(BOOKS, "", List.of(new Key.Int64(9)), RepairScope.upTo(1)))
            .isEqualTo(new Reconciled(0, 0, 0));
      }
    }

    @Test
    void looksItsRowsUpWhenItIsTriedAgain() throws Exception {
      try (Mirroring mirroring = open("a")) {
        refuseOneOfThree(mirroring);
        await(mirroring, s -> s.pendingRecords() == 2);
        mirroring.retryFailed(BOOKS);
        await(mirroring, MirrorStatus::caughtUp);
        assertThat(side.lookedUp)
            .contains(
                List.of(new Key.Int64(1), new Key.Int64(2)),
                List.of(new Key.Int64(2), new Key.Int64(3)),
                List.of(new Key.Int64(3)));
        assertThat(mirroring.failedWrites(BOOKS)).isEmpty();
        assertThat(mirroring.keptBytes()).isZero();
      }
    }

    @Test
    void sendsAnInsertWhoseKeysTheServerMadeOnceMoreBeforeWhatCameAfterIt() throws Exception {
      try (Mirroring mirroring = open("a")) {
        mirroring.mirror(BOOKS, () -> 7);
        side.refused.add("row#77");
        mirroring.intend(insert("row")).done(10, "#77".getBytes(StandardCharsets.UTF_8));
        mirroring.intend(upsert("the same row", 77)).done(11, NO_KEYS);
        mirroring.replay(BOOKS, true);
        await(mirroring, s -> s.failedWrites() == 1 && s.pendingRecords() == 1);
        assertThat(side.sent).isEmpty();
        side.refused.clear();
        mirroring.retryFailed(BOOKS);
        await(mirroring, MirrorStatus::caughtUp);
        assertThat(side.sent).first().isEqualTo("row#77");
        assertThat(side.lookedUp).contains(List.of(new Key.Int64(77)));
      }
    }
  }
}
