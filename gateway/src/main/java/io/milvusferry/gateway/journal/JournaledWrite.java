package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.journal.RecordTable.Row;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** A write on its way through the side that decides. */
final class JournaledWrite implements WriteLog.Intent {
  private static final long ANSWER_SECONDS = 1;

  private final WriteJournal journal;
  private final Mirror mirror;
  private final Runnable changed;
  private final Row row;
  private final boolean hasKeys;
  private final long mark;
  private final LongSupplier dueMillis;
  private final AtomicBoolean ended = new AtomicBoolean();

  private JournaledWrite(
      WriteJournal journal,
      Mirror mirror,
      Runnable changed,
      Row row,
      boolean hasKeys,
      long mark,
      LongSupplier dueMillis) {
    this.journal = journal;
    this.mirror = mirror;
    this.changed = changed;
    this.row = row;
    this.hasKeys = hasKeys;
    this.mark = mark;
    this.dueMillis = dueMillis;
  }

  /**
   * Keeps a write; it is on disk when this returns.
   *
   * @param changed told when replay may have something to do
   * @param settling how long after an unknown outcome it may be looked up
   */
  static JournaledWrite keep(
      WriteJournal journal,
      Mirror mirror,
      Runnable changed,
      InstantSource clock,
      Duration settling,
      Write write) {
    String keys = KeyText.write(write.keys());
    Row row =
        new Row(
            journal.nextSequence(),
            mirror.row().id(),
            write.kind(),
            RecordState.INTENDED,
            clock.millis(),
            Place.START,
            RecordTable.size(write, keys),
            false);
    mirror.tally().move(null, RecordState.INTENDED);
    journal.keep(row.bytes());
    try {
      journal.commit(
          (int) Math.min(Integer.MAX_VALUE, row.bytes()),
          statements -> RecordTable.insert(statements, row, write, keys));
    } catch (RuntimeException e) {
      journal.keep(-row.bytes());
      mirror.tally().move(RecordState.INTENDED, null);
      throw e;
    }
    return new JournaledWrite(
        journal,
        mirror,
        changed,
        row,
        !write.keys().isEmpty(),
        mirror.order().begin(),
        () -> clock.millis() + settling.toMillis());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where the disk is full just now, the answer is kept in memory until there is room; a crash
   * before that leaves a write of unknown outcome.
   */
  @Override
  public void done(long timestamp, byte[] answeredKeys) {
    end();
    Place place = mirror.order().place(mark, timestamp);
    mirror.tally().move(RecordState.INTENDED, RecordState.DONE);
    boolean answered = answeredKeys.length > 0;
    Row done = row.done(place, answered);
    CountDownLatch onDisk = new CountDownLatch(1);
    journal.commitLasting(
        statements -> {
          if (answered) {
            RecordTable.answer(statements, row.sequence(), answeredKeys);
          }
          RecordTable.mark(statements, done);
        },
        () -> {
          mirror.order().end(mark, place);
          changed.run();
          onDisk.countDown();
        });
    if (answered) {
      await(onDisk);
    }
  }

  /** Waits a little: the write is done, and a full disk here does not change that. */
  private static void await(CountDownLatch onDisk) {
    try {
      onDisk.await(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void refused() {
    end();
    mirror.order().end(mark, null);
    mirror.tally().move(RecordState.INTENDED, null);
    journal.keep(-row.bytes());
    journal.commitLasting(statements -> RecordTable.delete(statements, row.sequence()));
    changed.run();
  }

  @Override
  public void unknown() {
    end();
    mirror.order().end(mark, null);
    if (hasKeys) {
      mirror.tally().move(RecordState.INTENDED, RecordState.UNRESOLVED);
      Row unresolved = row.unresolved(dueMillis.getAsLong());
      journal.commitLasting(statements -> RecordTable.mark(statements, unresolved));
    } else {
      mirror.soil(row.sequence());
      mirror.tally().move(RecordState.INTENDED, null);
      journal.keep(-row.bytes());
    }
    changed.run();
  }

  private void end() {
    if (!ended.compareAndSet(false, true)) {
      throw new IllegalStateException("the write has ended already");
    }
  }
}
