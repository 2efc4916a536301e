package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.journal.RecordTable.Row;
import io.milvusferry.gateway.journal.ReplayWindow.Entry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends the journaled writes of one collection to the side that follows: in order, several at once
 * where they share no row, again and again while that side cannot be reached.
 *
 * <p>A write that it refuses for good is failed, and every later write that shares a row with it,
 * or with one that waits for it, is held behind it; all others go on. So no row ever sees its
 * writes out of order. Safe for several threads.
 */
final class Replay {
  private static final int WINDOW_RECORDS = 256;
  private static final long WINDOW_BYTES = 16 << 20;
  private static final int DELETE_RECORDS = 256;

  private record Finished(Entry entry, ReplayOutcome outcome) {}

  private final WriteJournal journal;
  private final Mirror mirror;
  private final Function<Direction, ReplaySide> sides;
  private final MirroringSettings settings;
  private final Executor senders;
  private final Runnable changed;
  private final Backoff backoff;
  private final ReplayWindow window = new ReplayWindow();
  private final HeldKeys held = new HeldKeys();
  private final LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
  private final List<Row> applied = new ArrayList<>();
  private Place cursor = Place.START;
  private boolean reread = true;
  private int underWay;

  /**
   * @param senders run the calls to the side that follows
   * @param changed told when there may be something to do
   */
  Replay(
      WriteJournal journal,
      Mirror mirror,
      Function<Direction, ReplaySide> sides,
      MirroringSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Executor senders,
      Runnable changed) {
    this.journal = journal;
    this.mirror = mirror;
    this.sides = sides;
    this.settings = settings;
    this.senders = senders;
    this.changed = changed;
    this.backoff = new Backoff(settings, clock, random);
    new HeldWrites(journal, mirror.row().id()).forEach(held::add);
  }

  /** Does all that can be done without waiting. Returns whether nothing is left to be sent. */
  synchronized boolean advance() {
    boolean moved = step();
    while (moved) {
      moved = step();
    }
    boolean idle = window.isEmpty() && underWay == 0;
    if (idle) {
      forgetApplied();
      expectNothing();
    }
    return idle && cursor.compareTo(mirror.order().released()) >= 0;
  }

  private boolean step() {
    boolean moved = false;
    Finished next = finished.poll();
    while (next != null) {
      absorb(next);
      moved = true;
      next = finished.poll();
    }
    if (mirror.replaying() && !mirror.forgotten() && mirror.direction() != Direction.RETIRED) {
      moved |= refill();
      moved |= send();
    }
    return moved;
  }

  private void absorb(Finished done) {
    underWay--;
    Entry entry = done.entry();
    if (done.outcome() instanceof ReplayOutcome.Applied answer) {
      backoff.reset();
      mirror.tally().lastError("");
      if (answer.timestamp() > mirror.followerTimestamp()) {
        mirror.followerTimestamp(answer.timestamp());
      }
      applied.add(entry.write().row());
      leave(entry, null);
      journal.keep(-entry.write().row().bytes());
      if (applied.size() >= DELETE_RECORDS) {
        forgetApplied();
      }
    } else if (done.outcome() instanceof ReplayOutcome.Later later) {
      backoff.failed();
      mirror.tally().lastError(later.reason());
      window.again(entry);
    } else if (done.outcome() instanceof ReplayOutcome.Refused refused) {
      backoff.reset();
      mirror.tally().lastError(refused.reason());
      hold(entry, RecordState.FAILED, refused.reason());
    }
  }

  /** The write leaves the window. */
  private void leave(Entry entry, @Nullable RecordState next) {
    window.finish(entry);
    JournalRecord first = window.first();
    mirror.tally().frontier(first == null ? cursor.timestamp() : first.place().timestamp());
    mirror.tally().move(RecordState.DONE, next);
  }

  private void hold(Entry entry, RecordState state, String reason) {
    Row row = entry.write().row().at(state);
    held.add(entry.write());
    leave(entry, state);
    journal.commitLasting(
        statements -> {
          RecordTable.mark(statements, row);
          if (!reason.isEmpty()) {
            RecordTable.reason(statements, row.sequence(), reason);
          }
        });
  }

  private boolean refill() {
    Place released = mirror.order().released();
    if (window.size() > WINDOW_RECORDS / 2
        || window.bytes() > WINDOW_BYTES / 2
        || cursor.compareTo(released) >= 0) {
      return false;
    }
    List<JournalRecord> next =
        journal.toReplay(
            mirror.row().id(),
            cursor,
            released,
            WINDOW_RECORDS - window.size(),
            WINDOW_BYTES - window.bytes());
    if (next.isEmpty()) {
      if (!reread) {
        throw SqliteFailure.damaged(
            journal.file(), "writes of %s are missing".formatted(mirror.collection()));
      }
      cursor = released;
      reread = false;
      return false;
    }
    next.forEach(window::add);
    cursor = next.get(next.size() - 1).place();
    return true;
  }

  private boolean send() {
    boolean moved = false;
    if (held.tooMany()) {
      mirror.tally().lastError("too many rows wait behind failed writes, replay has stopped");
      return false;
    }
    while (underWay < settings.parallelSends() && !backoff.pauses()) {
      Entry entry = window.next();
      if (entry == null) {
        break;
      }
      moved = true;
      if (held.holds(entry.write())) {
        hold(entry, RecordState.BLOCKED, "");
      } else {
        underWay++;
        ReplaySide side = sides.apply(mirror.direction());
        senders.execute(() -> apply(side, entry));
      }
    }
    return moved;
  }

  private void apply(ReplaySide side, Entry entry) {
    JournalRecord write = entry.write();
    ReplayOutcome outcome;
    try {
      outcome = side.apply(mirror.collection(), write.row().kind(), write.request());
    } catch (RuntimeException e) {
      outcome = new ReplayOutcome.Later(String.valueOf(e.getMessage()));
    }
    finished.add(new Finished(entry, outcome));
    changed.run();
  }

  /**
   * Deletes what was applied from the journal, soon. After a crash before that it is sent again.
   */
  private void forgetApplied() {
    if (applied.isEmpty()) {
      return;
    }
    List<Row> rows = List.copyOf(applied);
    long follower = mirror.followerTimestamp();
    long id = mirror.row().id();
    applied.clear();
    journal.commitLasting(
        statements -> {
          for (Row row : rows) {
            RecordTable.deleteApplied(statements, row);
          }
          if (!mirror.forgotten()) {
            MirrorTable.follower(statements, id, follower);
          }
        });
  }

  /** Nothing is in memory: then nothing may be counted that could be read. */
  private void expectNothing() {
    long counted = mirror.tally().count(RecordState.DONE);
    if (counted > 0 && mirror.order().idle() && cursor.compareTo(mirror.order().released()) >= 0) {
      throw SqliteFailure.damaged(
          journal.file(), "%d writes of %s are missing".formatted(counted, mirror.collection()));
    }
  }

  /**
   * Advances until nothing is left to be sent; false when the other side fails, or {@code patience}
   * ends before.
   */
  boolean drain(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    journal.flush();
    while (!advance()) {
      if (backoff.pauses() || System.nanoTime() >= end) {
        return false;
      }
      awaitFinished(Duration.ofMillis(20));
    }
    return true;
  }

  private void awaitFinished(Duration pause) {
    try {
      Finished done = finished.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
      if (done != null) {
        synchronized (this) {
          absorb(done);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED, "replay was stopped", "It goes on at the next start.", e);
    }
  }

  /**
   * Starts over with what the journal holds: after another server's clock counts, or held writes
   * are let go by {@code change}. Nothing is being sent while it runs.
   *
   * @throws FerryException {@code MIRROR_BUSY} when what is being sent does not end soon
   */
  synchronized void restart(Runnable change) {
    long end = System.nanoTime() + settings.patience().toNanos();
    while (underWay > 0) {
      if (System.nanoTime() >= end) {
        throw new FerryException(
            ErrorCode.MIRROR_BUSY,
            "a write that is being replayed did not end within "
                + settings.patience().toSeconds()
                + " s",
            "Try again when the other side answers.",
            null);
      }
      awaitFinished(Duration.ofMillis(20));
    }
    forgetApplied();
    journal.flush();
    change.run();
    window.clear();
    held.clear();
    new HeldWrites(journal, mirror.row().id()).forEach(held::add);
    cursor = Place.START;
    reread = true;
    mirror.tally().frontier(cursor.timestamp());
    backoff.reset();
  }

  /** How long to wait before anything can be sent, unless told before. */
  synchronized Duration pause(Duration atMost) {
    return window.isEmpty() ? atMost : backoff.pause(atMost);
  }
}
