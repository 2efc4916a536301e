package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.record.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What an operator does with a mirrored collection, while applications write to it. */
final class Maintenance {
  private static final int FAILED_SHOWN = 1_000;
  private static final int KEYS_SHOWN = 5;
  private static final int TEXT_SHOWN = 200;

  private final WriteJournal journal;
  private final MirrorWorker worker;
  private final Mirror mirror;
  private final Function<Direction, ReplaySide> sides;
  private final MirroringSettings settings;
  private final InstantSource clock;

  Maintenance(
      WriteJournal journal,
      MirrorWorker worker,
      Function<Direction, ReplaySide> sides,
      MirroringSettings settings,
      InstantSource clock) {
    this.journal = journal;
    this.worker = worker;
    this.mirror = worker.mirror();
    this.sides = sides;
    this.settings = settings;
    this.clock = clock;
  }

  @SuppressWarnings("try") // the pass is held, not used
  Reconciled reconcile(String partition, List<Key> keys, RepairScope scope) {
    return exclusively(
        () -> {
          drain();
          ReplaySide side = sides.apply(mirror.direction());
          Sighting before = scope.looksTwice() ? firstLook(side, partition, keys) : null;
          ReplaySide.Repair repair;
          try (CollectionGate.Pass pass = mirror.gate().alone(settings.patience())) {
            drain();
            refuseHeld(keys);
            repair = Repairs.find(side, mirror, partition, keys, before);
            if (repair.losses() > scope.losses()) {
              return new Reconciled(0, repair.unsettled(), repair.losses());
            }
            new Repairs(journal, mirror, clock).append(repair.writes(), List.of());
          }
          worker.wake();
          awaitDrained(); // what is not replayed by now stands in the journal, and shows as pending
          return new Reconciled(repair.repaired(), repair.unsettled(), 0);
        });
  }

  /** Looks, and lets the time pass that must lie before the second look; writes go on then. */
  @SuppressWarnings("try") // the pass is held, not used
  private Sighting firstLook(ReplaySide side, String partition, List<Key> keys) {
    Sighting seen;
    try (CollectionGate.Pass pass = mirror.gate().alone(settings.patience())) {
      drain();
      seen = Repairs.look(side, mirror, partition, keys);
    }
    try {
      Thread.sleep(settings.secondLook().toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return seen;
  }

  /** A row with a failed write must not be written past it: the failed write would come later. */
  private void refuseHeld(List<Key> keys) {
    if (mirror.tally().count(RecordState.FAILED) == 0) {
      return;
    }
    journal.flush();
    HeldKeys held = new HeldKeys();
    new HeldWrites(journal, mirror.row().id()).forEach(held::add);
    if (held.holdsAny(keys)) {
      throw unsafe("rows to be reconciled have failed writes");
    }
  }

  @SuppressWarnings("try") // the pass is held, not used
  void direct(Direction direction) {
    exclusively(
        () -> {
          if (mirror.direction() == direction) {
            return direction;
          }
          if (mirror.direction() == Direction.RETIRED) {
            throw unsafe("what was written since it retired is in no journal");
          }
          drain();
          try (CollectionGate.Pass pass = mirror.gate().alone(settings.patience())) {
            drain();
            refuseUnknown();
            worker
                .replay()
                .restart(
                    () -> {
                      long id = mirror.row().id();
                      journal.commit(0, statements -> MirrorTable.follower(statements, id, 0));
                      mirror.change(row -> row.withDirection(direction));
                      mirror.order().restart();
                      mirror.followerTimestamp(0);
                    });
          }
          return direction;
        });
  }

  private void refuseUnknown() {
    Tally tally = mirror.tally();
    long failed = tally.count(RecordState.FAILED);
    long unresolved = tally.count(RecordState.UNRESOLVED);
    if (failed > 0) {
      throw unsafe("%d writes failed on the side that follows".formatted(failed));
    }
    if (unresolved > 0) {
      throw unsafe("the outcome of %d writes is not known yet".formatted(unresolved));
    }
    if (mirror.row().dirty()) {
      throw unsafe("a write of unknown outcome had no keys to look up");
    }
    if (!mirror.replaying()) {
      throw unsafe("its journal is held");
    }
  }

  private FerryException unsafe(String why) {
    return new FerryException(
        ErrorCode.MIRROR_UNSAFE,
        "%s: %s".formatted(mirror.collection(), why),
        "ferry live status shows what is in the way: retry failed writes, and compare the "
            + "collection when it is dirty.",
        null);
  }

  /**
   * @param remove takes it out of what calls on their way find
   */
  @SuppressWarnings("try") // the pass is held, not used
  void forget(Runnable remove) {
    exclusively(
        () -> {
          try (CollectionGate.Pass pass = mirror.gate().alone(settings.patience())) {
            journal.commit(0, statements -> MirrorTable.remove(statements, mirror.row().id()));
            mirror.forget();
            remove.run();
          }
          return mirror;
        });
  }

  void retryFailed() {
    exclusively(
        () -> {
          worker.replay().restart(this::letGo);
          worker.wake();
          return mirror;
        });
  }

  /** All in one commit: a blocked write without the failed one before it would wait for ever. */
  private void letGo() {
    List<RecordTable.Row> before = new ArrayList<>();
    List<RecordTable.Row> after = new ArrayList<>();
    long now = clock.millis();
    new HeldWrites(journal, mirror.row().id())
        .forEach(
            write -> {
              before.add(write.row());
              after.add(
                  write.keys().isEmpty()
                      ? write.row().at(RecordState.DONE)
                      : write.row().unresolved(now));
            });
    journal.commit(
        0,
        statements -> {
          for (RecordTable.Row row : after) {
            RecordTable.mark(statements, row);
            RecordTable.forgetReason(statements, row);
          }
        });
    for (int i = 0; i < after.size(); i++) {
      mirror.tally().move(before.get(i).state(), after.get(i).state());
    }
  }

  List<FailedWrite> failedWrites() {
    journal.flush();
    List<FailedWrite> failed = new ArrayList<>();
    HeldWrites held = new HeldWrites(journal, mirror.row().id());
    long last = 0;
    while (failed.size() < FAILED_SHOWN) {
      List<JournalRecord> page = held.page(RecordState.FAILED, last);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(write -> failed.add(shown(write)));
      last = page.get(page.size() - 1).sequence();
    }
    return failed.size() <= FAILED_SHOWN ? failed : failed.subList(0, FAILED_SHOWN);
  }

  private static FailedWrite shown(JournalRecord write) {
    String keys =
        write.keys().stream()
            .limit(KEYS_SHOWN)
            .map(Key::text)
            .map(text -> text.length() > TEXT_SHOWN ? text.substring(0, TEXT_SHOWN) + "…" : text)
            .collect(Collectors.joining(", "));
    int more = write.keys().size() - KEYS_SHOWN;
    return new FailedWrite(
        write.sequence(),
        write.row().kind().name(),
        write.partition(),
        more > 0 ? keys + " and " + more + " more" : keys,
        write.writtenAt(),
        write.reason());
  }

  MirrorStatus status(ReadCounts reads, ShadowCounts shadow) {
    MirrorRow row = mirror.row();
    Tally tally = mirror.tally();
    long pending = tally.pending();
    return new MirrorStatus(
        row.collection(),
        row.direction(),
        row.since(),
        row.sinceTimestamp(),
        row.replaying(),
        row.readWeight(),
        row.shadowPercent(),
        pending,
        pending == 0 ? Duration.ZERO : lag(row.id()),
        tally.count(RecordState.FAILED),
        tally.count(RecordState.UNRESOLVED),
        row.dirty(),
        mirror.broken().isEmpty() ? tally.lastError() : mirror.broken(),
        reads,
        shadow);
  }

  private Duration lag(long id) {
    long oldest = journal.read(statements -> RecordTable.oldest(statements, id));
    if (oldest == 0) {
      return Duration.ZERO; // the last one has just been replayed
    }
    Duration age = Duration.between(Instant.ofEpochMilli(oldest), clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  private void drain() {
    if (!awaitDrained()) {
      throw new FerryException(
          ErrorCode.MIRROR_BUSY,
          mirror.replaying()
              ? "%s has %d writes that were not replayed within %d s"
                  .formatted(
                      mirror.collection(),
                      mirror.tally().count(RecordState.DONE),
                      settings.patience().toSeconds())
              : "the journal of %s is held".formatted(mirror.collection()),
          "Run the same command again when the other side has caught up.",
          null);
    }
  }

  private boolean awaitDrained() {
    try {
      Duration patience = mirror.replaying() ? settings.patience() : Duration.ZERO;
      return mirror.tally().awaitDrained(patience);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private <T> T exclusively(Supplier<T> work) {
    try {
      if (!mirror.maintenance().tryLock(settings.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new FerryException(
            ErrorCode.MIRROR_BUSY,
            "%s is being reconciled or looked up".formatted(mirror.collection()),
            "Run the same command again.",
            null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return work.get();
    } finally {
      mirror.maintenance().unlock();
    }
  }

  private static FerryException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new FerryException(
        ErrorCode.INTERRUPTED,
        "waiting for the journal was stopped",
        "Run the same command again.",
        cause);
  }
}
