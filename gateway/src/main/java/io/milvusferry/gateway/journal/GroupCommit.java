package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes the journal. What is asked for while it commits is committed together
 * next, so one sync serves many writers; changes are made in the order they were asked for.
 *
 * <p>A change that fails leaves nothing behind. A lasting change is not given up then: it is tried
 * again until it is made, or the journal is closed.
 */
final class GroupCommit implements AutoCloseable {
  private static final int QUEUED_KIB = 64 << 10;
  private static final int BATCH = 512;
  private static final long BATCH_BYTES = 8 << 20;
  private static final long RETRY_NANOS = 300_000_000;
  private static final long IDLE_NANOS = 500_000_000;

  /** A change of the database, inside the transaction of its batch. */
  @FunctionalInterface
  interface Change {
    void make(Statements statements) throws SQLException;
  }

  private record Pending(
      Change change,
      int bytes,
      boolean lasting,
      Runnable onDisk,
      CompletableFuture<Void> committed) {}

  private final Statements statements;
  private final Path file;
  private final Vacuum vacuum;
  private final Semaphore room = new Semaphore(QUEUED_KIB, true);
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final List<Pending> again = new ArrayList<>();
  private final Thread thread;
  private boolean closing;

  /**
   * @param statements closed with this
   * @param vacuum run between commits
   */
  GroupCommit(Statements statements, Path file, Vacuum vacuum) {
    this.statements = statements;
    this.file = file;
    this.vacuum = vacuum;
    this.thread = new Thread(this::run, "journal-writer");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Asks for a change. Waits while too many bytes are queued.
   *
   * @param bytes what the change holds in memory, about
   * @return done when the change is on disk; failed with a {@link FerryException} when it is not,
   *     and was undone
   */
  CompletableFuture<Void> submit(int bytes, Change change) {
    int kib = kib(bytes);
    room.acquireUninterruptibly(kib);
    Pending pending = new Pending(change, bytes, false, () -> {}, new CompletableFuture<>());
    enqueue(pending);
    return pending.committed;
  }

  /**
   * Asks for a change that must be made sooner or later; never waits.
   *
   * @param onDisk run by the writing thread when it is on disk; not when the journal was closed
   *     before it could be
   */
  void submitLasting(Change change, Runnable onDisk) {
    enqueue(new Pending(change, 0, true, onDisk, new CompletableFuture<>()));
  }

  /**
   * Waits until all that was asked for before is on disk.
   *
   * @throws FerryException when a lasting change is still to be made
   */
  void flush() {
    await(
        submit(
            0,
            statements -> {
              if (behind()) {
                throw new SQLException("changes wait for room", null, SqliteFailure.FULL);
              }
            }));
  }

  private synchronized boolean behind() {
    return !again.isEmpty();
  }

  /** Waits for a change, and throws what it failed with. */
  static void await(CompletableFuture<Void> committed) {
    try {
      committed.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FerryException failure) {
        throw new FerryException(
            failure.code(), String.valueOf(failure.getMessage()), failure.hint(), failure);
      }
      throw e;
    }
  }

  private static int kib(int bytes) {
    return Math.min(QUEUED_KIB, bytes >> 10);
  }

  private void enqueue(Pending pending) {
    synchronized (this) {
      if (!closing) {
        queue.add(pending);
        notifyAll();
        return;
      }
    }
    fail(pending, closed());
  }

  private FerryException closed() {
    return new FerryException(
        ErrorCode.LOCAL_IO,
        "the journal %s is closed".formatted(file),
        "Send the call again when the gateway runs.",
        null);
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    boolean open = true;
    while (open) {
      open = take(batch);
      if (batch.isEmpty()) {
        vacuum.step(statements);
      } else {
        commit(batch);
        batch.clear();
        vacuum.afterCommit(statements);
      }
    }
  }

  /**
   * Collects what is queued, after a wait when there is nothing. Returns false when nothing more
   * will come.
   */
  private synchronized boolean take(List<Pending> batch) {
    try {
      long end = System.nanoTime() + (again.isEmpty() ? IDLE_NANOS : RETRY_NANOS);
      while (queue.isEmpty() && !closing && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      closing = true; // nobody but the end of the process interrupts this thread
    }
    long bytes = 0;
    batch.addAll(again);
    again.clear();
    while (!queue.isEmpty() && batch.size() < BATCH && bytes < BATCH_BYTES) {
      Pending next = queue.remove();
      bytes += next.bytes;
      batch.add(next);
    }
    return !closing || !batch.isEmpty();
  }

  private void commit(List<Pending> batch) {
    FerryException failure = tryCommit(batch);
    if (failure == null) {
      return;
    }
    if (batch.size() == 1) {
      settle(batch.get(0), failure);
      return;
    }
    // One change may be too large for what room is left: the others need not fail with it.
    for (Pending pending : batch) {
      FerryException alone = tryCommit(List.of(pending));
      if (alone != null) {
        settle(pending, alone);
      }
    }
  }

  /** Makes the changes and tells those who wait; undoes all of them when one fails. */
  private @Nullable FerryException tryCommit(List<Pending> batch) {
    try {
      statements.begin();
      for (Pending pending : batch) {
        pending.change.make(statements);
      }
      statements.commit();
    } catch (SQLException e) {
      rollback();
      return SqliteFailure.of(e, file);
    } catch (RuntimeException e) {
      rollback();
      return new FerryException(
          ErrorCode.BUG, "a change of the journal failed: " + e, "Report this.", e);
    }
    for (Pending pending : batch) {
      release(pending);
      pending.onDisk.run();
      pending.committed.complete(null);
    }
    return null;
  }

  private void settle(Pending pending, FerryException failure) {
    if (pending.lasting) {
      synchronized (this) {
        if (!closing) {
          again.add(pending);
          return;
        }
      }
    }
    fail(pending, failure);
  }

  private void fail(Pending pending, FerryException failure) {
    release(pending);
    pending.committed.completeExceptionally(failure);
  }

  private void release(Pending pending) {
    if (!pending.lasting) {
      room.release(kib(pending.bytes));
    }
  }

  private void rollback() {
    try {
      statements.renew();
      statements.rollback();
    } catch (SQLException expected) {
      return; // SQLite has rolled back by itself, as it does on a full disk
    }
  }

  /** Makes what was asked for, as far as the disk lets it, and closes the connection. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // what was promised is written first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      statements.close();
    } catch (SQLException e) {
      throw SqliteFailure.of(e, file);
    }
  }
}
