package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite file {@code journal.db} of a state directory: its tables, and connections with the
 * settings that put a commit on disk.
 */
final class JournalDatabase {
  static final int VERSION = 1;
  private static final int APPLICATION = 0x66727279; // "frry"
  private static final int BUSY_MILLIS = 10_000;

  /** Up to so many bytes, a file is read through within a second. */
  private static final long CHECKED_WHOLE = 64 << 20;

  private static final String NATIVE_DIRECTORY = "org.sqlite.tmpdir";

  /** In this order: the first two count only before anything is written. */
  private static final List<String> SETTINGS =
      List.of(
          "page_size = 8192",
          "auto_vacuum = INCREMENTAL",
          "journal_mode = WAL",
          "synchronous = FULL",
          "temp_store = MEMORY",
          "journal_size_limit = " + (64 << 20),
          "wal_autocheckpoint = 2048");

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE servers(side TEXT PRIMARY KEY, identity TEXT NOT NULL) WITHOUT ROWID",
          "CREATE TABLE mirror(id INTEGER PRIMARY KEY AUTOINCREMENT, database TEXT NOT NULL,"
              + " collection TEXT NOT NULL, direction TEXT NOT NULL, since INTEGER NOT NULL,"
              + " since_timestamp INTEGER NOT NULL, replaying INTEGER NOT NULL,"
              + " read_weight INTEGER NOT NULL, shadow_percent INTEGER NOT NULL,"
              + " dirty INTEGER NOT NULL, crc INTEGER NOT NULL, UNIQUE(database, collection))",
          "CREATE TABLE follower(mirror INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL,"
              + " crc INTEGER NOT NULL)",
          "CREATE TABLE identity(mirror INTEGER PRIMARY KEY, said TEXT NOT NULL)",
          "CREATE TABLE record(sequence INTEGER PRIMARY KEY, mirror INTEGER NOT NULL,"
              + " kind INTEGER NOT NULL, state INTEGER NOT NULL, written_at INTEGER NOT NULL,"
              + " timestamp INTEGER NOT NULL, tick INTEGER NOT NULL, bytes INTEGER NOT NULL,"
              + " answered INTEGER NOT NULL, crc INTEGER NOT NULL)",
          "CREATE TABLE body(sequence INTEGER PRIMARY KEY, partition TEXT NOT NULL,"
              + " keys TEXT NOT NULL, request BLOB NOT NULL, crc INTEGER NOT NULL)",
          "CREATE TABLE answer(sequence INTEGER PRIMARY KEY, keys BLOB NOT NULL,"
              + " crc INTEGER NOT NULL)",
          "CREATE TABLE reason(sequence INTEGER PRIMARY KEY, said TEXT NOT NULL)",
          "CREATE INDEX record_replay ON record(mirror, timestamp, tick) WHERE state = 1",
          "CREATE INDEX record_held ON record(mirror, state, sequence) WHERE state >= 2",
          "CREATE VIEW journal AS SELECT r.sequence, m.database, m.collection,"
              + " CASE r.kind WHEN 0 THEN 'insert' WHEN 1 THEN 'upsert' ELSE 'delete' END AS kind,"
              + " CASE r.state WHEN 0 THEN 'intended' WHEN 1 THEN 'done' WHEN 2 THEN 'failed'"
              + " WHEN 3 THEN 'blocked' ELSE 'unresolved' END AS state,"
              + " datetime(r.written_at / 1000, 'unixepoch') AS written_at, r.timestamp, r.bytes,"
              + " b.partition, substr(b.keys, 1, 200) AS keys, e.said AS reason"
              + " FROM record r JOIN mirror m ON m.id = r.mirror"
              + " JOIN body b ON b.sequence = r.sequence"
              + " LEFT JOIN reason e ON e.sequence = r.sequence",
          "PRAGMA application_id = " + APPLICATION,
          "PRAGMA user_version = " + VERSION);

  private final Path file;

  private JournalDatabase(Path file) {
    this.file = file;
  }

  /**
   * Opens the file, and makes it with its tables where there is none. A small file is checked as a
   * whole; so is a large one, less closely, after a process that did not end as it should. Whatever
   * is read later is checked record by record.
   *
   * @throws FerryException {@code JOURNAL_DAMAGED} when it is not whole, {@code CONFIG_INVALID}
   *     when a later release wrote it
   */
  static JournalDatabase open(Path directory) {
    unpackNativesInto(directory.resolve("native"));
    JournalDatabase database = new JournalDatabase(directory.resolve("journal.db"));
    String check = check(database.file.toFile().length(), database.log().toFile().length());
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      if (number(statement, "PRAGMA application_id") == 0
          && number(statement, "SELECT count(*) FROM sqlite_schema") == 0) {
        database.create(connection, statement);
      }
      database.requireFormat(statement);
      if (!check.isEmpty()) {
        database.requireWhole(statement, check);
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
    return database;
  }

  private void create(Connection connection, Statement statement) throws SQLException {
    connection.setAutoCommit(false);
    for (String table : TABLES) {
      statement.execute(table);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /**
   * The check that is worth its time, by what the last process left behind.
   *
   * @param logBytes of the write-ahead log, which is gone after a process that ended as it should
   * @return its pragma; empty for none
   */
  static String check(long fileBytes, long logBytes) {
    if (fileBytes <= CHECKED_WHOLE) {
      return "integrity_check";
    }
    return logBytes > 0 ? "quick_check" : "";
  }

  private void requireFormat(Statement statement) throws SQLException {
    long version = number(statement, "PRAGMA user_version");
    if (number(statement, "PRAGMA application_id") != APPLICATION || version < 1) {
      throw SqliteFailure.damaged(file, "it is no journal of a gateway");
    }
    if (version > VERSION) {
      throw new FerryException(
          ErrorCode.CONFIG_INVALID,
          "%s has format version %d but this build knows up to %d"
              .formatted(file, version, VERSION),
          "Run the release that wrote the journal, or a later one.",
          null);
    }
  }

  private void requireWhole(Statement statement, String check) throws SQLException {
    try (ResultSet said = statement.executeQuery("PRAGMA %s(1)".formatted(check))) {
      String first = said.next() ? said.getString(1) : "no answer";
      if (!first.equals("ok")) {
        throw SqliteFailure.damaged(file, first);
      }
    }
  }

  /** A connection in auto-commit mode. */
  Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      for (String pragma : SETTINGS) {
        statement.execute("PRAGMA " + pragma);
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  Path file() {
    return file;
  }

  FerryException failure(SQLException e) {
    return SqliteFailure.of(e, file);
  }

  /** Size of the file and its write-ahead log. */
  long bytes() {
    return file.toFile().length() + log().toFile().length();
  }

  /** The write-ahead log: gone, once all connections were closed. */
  private Path log() {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  static long number(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** The driver unpacks its native library where code may run: a hardened /tmp forbids it. */
  private static void unpackNativesInto(Path directory) {
    if (System.getProperty(NATIVE_DIRECTORY) != null) {
      return;
    }
    try {
      Files.createDirectories(directory);
      try (Stream<Path> left = Files.list(directory)) {
        for (Path file : left.toList()) {
          Files.deleteIfExists(file); // of a process that was killed: ours holds the lock
        }
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
    System.setProperty(NATIVE_DIRECTORY, directory.toString());
  }
}
