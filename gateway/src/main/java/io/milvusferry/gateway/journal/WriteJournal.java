package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.gateway.journal.RecordTable.Row;
import io.milvusferry.manifest.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The journal of a state directory on disk: {@code journal.db}, for one process at a time. Changes
 * go through one thread, {@link GroupCommit}; reads are made by whoever asks. Safe for several
 * threads.
 */
final class WriteJournal implements AutoCloseable {
  private static final int PAGE = 1_000;

  private final DirectoryLock lock;
  private final JournalDatabase database;
  private final GroupCommit commits;
  private final Statements reader;
  private final AtomicLong nextSequence;
  private final AtomicLong nextMirror;
  private final AtomicLong bytesKept = new AtomicLong();

  private WriteJournal(
      DirectoryLock lock,
      JournalDatabase database,
      GroupCommit commits,
      Statements reader,
      long nextSequence,
      long nextMirror) {
    this.lock = lock;
    this.database = database;
    this.commits = commits;
    this.reader = reader;
    this.nextSequence = new AtomicLong(nextSequence);
    this.nextMirror = new AtomicLong(nextMirror);
  }

  /**
   * Opens the journal, and makes it where there is none.
   *
   * @param source what tells the source from other servers; likewise {@code target}
   * @throws FerryException {@code DIRECTORY_LOCKED} when a process has it, {@code
   *     GATEWAY_STATE_OTHER} when it was made for other servers, {@code JOURNAL_DAMAGED}
   */
  static WriteJournal open(Path directory, String source, String target) {
    DirectoryLock lock = lock(directory);
    try {
      return open(directory, lock, source, target);
    } catch (RuntimeException e) {
      unlock(lock, directory);
      throw e;
    }
  }

  private static WriteJournal open(
      Path directory, DirectoryLock lock, String source, String target) {
    JournalDatabase database = JournalDatabase.open(directory);
    Connection connection = null;
    try {
      connection = database.connect();
      long lastMirror;
      long lastSequence;
      try (var statement = connection.createStatement()) {
        lastMirror =
            JournalDatabase.number(
                statement, "SELECT max(seq) FROM sqlite_sequence WHERE name = 'mirror'");
        lastSequence = JournalDatabase.number(statement, "SELECT max(sequence) FROM record");
      }
      Statements writer = new Statements(connection);
      writer.begin();
      claim(writer, "source", source, database.file());
      claim(writer, "target", target, database.file());
      writer.commit();
      Statements reader = new Statements(database.connect());
      GroupCommit commits = new GroupCommit(writer, database.file(), new Vacuum());
      return new WriteJournal(lock, database, commits, reader, lastSequence + 1, lastMirror + 1);
    } catch (SQLException e) {
      throw database.failure(e);
    } catch (RuntimeException e) {
      if (connection != null) {
        closeQuietly(connection);
      }
      throw e;
    }
  }

  private static DirectoryLock lock(Path directory) {
    try {
      Files.createDirectories(directory);
      return DirectoryLock.take(directory.resolve("lock"));
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  private static void unlock(DirectoryLock lock, Path directory) {
    try {
      lock.close();
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException expected) {
      return; // the failure that led here says more
    }
  }

  private static void claim(Statements statements, String side, String identity, Path file)
      throws SQLException {
    PreparedStatement select = statements.of("SELECT identity FROM servers WHERE side = ?");
    select.setString(1, side);
    try (ResultSet found = select.executeQuery()) {
      if (found.next()) {
        String known = found.getString(1);
        if (!known.equals(identity)) {
          throw new FerryException(
              ErrorCode.GATEWAY_STATE_OTHER,
              "%s belongs to a gateway whose %s is %s, not %s"
                  .formatted(file.getParent(), side, known, identity),
              "Name another state directory, or the servers it was made for.",
              null);
        }
        return;
      }
    }
    PreparedStatement insert = statements.of("INSERT INTO servers(side, identity) VALUES(?, ?)");
    insert.setString(1, side);
    insert.setString(2, identity);
    insert.executeUpdate();
  }

  long nextSequence() {
    return nextSequence.getAndIncrement();
  }

  long nextMirror() {
    return nextMirror.getAndIncrement();
  }

  /** Bytes of all writes that are kept. */
  long bytesKept() {
    return bytesKept.get();
  }

  /** Counts writes that are kept from now on, or, below zero, no longer. */
  void keep(long bytes) {
    bytesKept.addAndGet(bytes);
  }

  /** Size of the files. */
  long bytesOnDisk() {
    return database.bytes();
  }

  Path file() {
    return database.file();
  }

  /** Makes a change, and returns when it is on disk. */
  void commit(int bytes, GroupCommit.Change change) {
    GroupCommit.await(commits.submit(bytes, change));
  }

  /**
   * Asks for a change that is made sooner or later, whatever room the disk has now. Only closing
   * the journal gives it up; what was journaled before then tells the next start what to do.
   */
  void commitLasting(GroupCommit.Change change) {
    commits.submitLasting(change, () -> {});
  }

  /**
   * As above.
   *
   * @param onDisk run when it is made; must not wait
   */
  void commitLasting(GroupCommit.Change change, Runnable onDisk) {
    commits.submitLasting(change, onDisk);
  }

  /**
   * Waits until all that was asked for before is on disk.
   *
   * @throws FerryException when a lasting change is still to be made
   */
  void flush() {
    commits.flush();
  }

  /** A question to the tables. */
  @FunctionalInterface
  interface Query<T> {
    T ask(Statements statements) throws SQLException;
  }

  /**
   * Reads what is committed.
   *
   * @throws FerryException {@code JOURNAL_DAMAGED} when a value is not what was written
   */
  <T> T read(Query<T> query) {
    synchronized (reader) {
      try {
        return query.ask(reader);
      } catch (SQLException e) {
        FerryException failure = database.failure(e);
        try {
          reader.renew();
        } catch (SQLException again) {
          failure.addSuppressed(again);
        }
        throw failure;
      }
    }
  }

  /** Shows every write that is kept, oldest first. */
  void scan(Consumer<Row> visitor) {
    long last = 0;
    while (true) {
      long after = last;
      List<Row> page = read(statements -> RecordTable.page(statements, after, PAGE));
      if (page.isEmpty()) {
        return;
      }
      page.forEach(visitor);
      last = page.get(page.size() - 1).sequence();
    }
  }

  /** The next writes to replay, whole, in order; as many as the limits allow, but at least one. */
  List<JournalRecord> toReplay(long mirror, Place after, Place upTo, int records, long bytes) {
    return read(
        statements -> {
          List<Row> rows = RecordTable.toReplay(statements, mirror, after, upTo, records);
          return whole(statements, rows, bytes);
        });
  }

  /**
   * The first writes in a state after a sequence, whole; as many as the limits allow, but at least
   * one.
   */
  List<JournalRecord> held(
      long mirror, RecordState state, long afterSequence, int records, long bytes) {
    return read(
        statements -> {
          List<Row> rows = RecordTable.held(statements, mirror, state, afterSequence, records);
          return whole(statements, rows, bytes);
        });
  }

  private static List<JournalRecord> whole(Statements statements, List<Row> rows, long bytes)
      throws SQLException {
    List<JournalRecord> whole = new ArrayList<>();
    long sum = 0;
    for (Row row : rows) {
      sum += row.bytes();
      if (!whole.isEmpty() && sum > bytes) {
        break;
      }
      whole.add(RecordTable.read(statements, row));
    }
    return whole;
  }

  @Override
  public void close() {
    try {
      commits.close();
      synchronized (reader) {
        reader.close();
      }
    } catch (SQLException e) {
      throw database.failure(e);
    } finally {
      unlock(lock, database.file());
    }
  }
}
