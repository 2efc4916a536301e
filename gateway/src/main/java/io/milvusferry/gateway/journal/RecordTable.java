package io.milvusferry.gateway.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The journaled writes in the journal's file. */
final class RecordTable {
  private static final List<WriteKind> KINDS =
      List.of(WriteKind.INSERT, WriteKind.UPSERT, WriteKind.DELETE);
  private static final String COLUMNS =
      "sequence, mirror, kind, state, written_at, timestamp, tick, bytes, answered, crc";
  private static final String INSERT =
      "INSERT INTO record(" + COLUMNS + ") VALUES(?,?,?,?,?,?,?,?,?,?)";
  private static final String INSERT_BODY =
      "INSERT INTO body(sequence, partition, keys, request, crc) VALUES(?,?,?,?,?)";
  private static final String MARK =
      "UPDATE record SET state = ?, timestamp = ?, tick = ?, answered = ?, crc = ?"
          + " WHERE sequence = ?";

  /**
   * A row of table {@code record}.
   *
   * @param answered whether the answer's keys are in table {@code answer}
   */
  record Row(
      long sequence,
      long mirror,
      WriteKind kind,
      RecordState state,
      long writtenAt,
      Place place,
      long bytes,
      boolean answered) {
    Row at(RecordState next) {
      return new Row(sequence, mirror, kind, next, writtenAt, place, bytes, answered);
    }

    Row done(Place at, boolean withAnswer) {
      return new Row(sequence, mirror, kind, RecordState.DONE, writtenAt, at, bytes, withAnswer);
    }

    /**
     * Its outcome is unknown.
     *
     * @param dueMillis when it may be looked up; stands in the place of a timestamp
     */
    Row unresolved(long dueMillis) {
      return new Row(
          sequence,
          mirror,
          kind,
          RecordState.UNRESOLVED,
          writtenAt,
          new Place(dueMillis, 0),
          bytes,
          answered);
    }

    private long crc() {
      return Checksums.of(
          sequence,
          mirror,
          KINDS.indexOf(kind),
          state.code(),
          writtenAt,
          place.timestamp(),
          place.tick(),
          bytes,
          answered ? 1 : 0);
    }
  }

  private RecordTable() {}

  static void insert(Statements statements, Row row, Write write, String keys) throws SQLException {
    PreparedStatement insert = statements.of(INSERT);
    insert.setLong(1, row.sequence());
    insert.setLong(2, row.mirror());
    insert.setInt(3, KINDS.indexOf(row.kind()));
    insert.setInt(4, row.state().code());
    insert.setLong(5, row.writtenAt());
    insert.setLong(6, row.place().timestamp());
    insert.setLong(7, row.place().tick());
    insert.setLong(8, row.bytes());
    insert.setInt(9, row.answered() ? 1 : 0);
    insert.setLong(10, row.crc());
    insert.executeUpdate();
    PreparedStatement body = statements.of(INSERT_BODY);
    body.setLong(1, row.sequence());
    body.setString(2, write.partition());
    body.setString(3, keys);
    body.setBytes(4, write.request());
    body.setLong(5, Checksums.ofBody(row.sequence(), write.partition(), keys, write.request()));
    body.executeUpdate();
  }

  static void mark(Statements statements, Row row) throws SQLException {
    statements.update(
        MARK,
        row.state().code(),
        row.place().timestamp(),
        row.place().tick(),
        row.answered() ? 1 : 0,
        row.crc(),
        row.sequence());
  }

  static void answer(Statements statements, long sequence, byte[] keys) throws SQLException {
    PreparedStatement insert =
        statements.of("INSERT OR REPLACE INTO answer(sequence, keys, crc) VALUES(?,?,?)");
    insert.setLong(1, sequence);
    insert.setBytes(2, keys);
    insert.setLong(3, Checksums.ofAnswer(sequence, keys));
    insert.executeUpdate();
  }

  static void reason(Statements statements, long sequence, String said) throws SQLException {
    PreparedStatement insert =
        statements.of("INSERT OR REPLACE INTO reason(sequence, said) VALUES(?,?)");
    insert.setLong(1, sequence);
    insert.setString(2, said);
    insert.executeUpdate();
  }

  static void forgetReason(Statements statements, Row row) throws SQLException {
    statements.update("DELETE FROM reason WHERE sequence = ?", row.sequence());
  }

  /** Deletes a write that has no reason of a failure. */
  static void deleteApplied(Statements statements, Row row) throws SQLException {
    statements.update("DELETE FROM record WHERE sequence = ?", row.sequence());
    statements.update("DELETE FROM body WHERE sequence = ?", row.sequence());
    if (row.answered()) {
      statements.update("DELETE FROM answer WHERE sequence = ?", row.sequence());
    }
  }

  static void delete(Statements statements, long sequence) throws SQLException {
    statements.update("DELETE FROM record WHERE sequence = ?", sequence);
    statements.update("DELETE FROM body WHERE sequence = ?", sequence);
    statements.update("DELETE FROM answer WHERE sequence = ?", sequence);
    statements.update("DELETE FROM reason WHERE sequence = ?", sequence);
  }

  /** Writes to replay after one place and up to another, in order. */
  static List<Row> toReplay(Statements statements, long mirror, Place after, Place upTo, int limit)
      throws SQLException {
    PreparedStatement select =
        statements.of(
            "SELECT "
                + COLUMNS
                + " FROM record WHERE mirror = ? AND state = 1 AND (timestamp, tick) > (?, ?)"
                + " AND (timestamp, tick) <= (?, ?) ORDER BY timestamp, tick LIMIT ?");
    select.setLong(1, mirror);
    select.setLong(2, after.timestamp());
    select.setLong(3, after.tick());
    select.setLong(4, upTo.timestamp());
    select.setLong(5, upTo.tick());
    select.setInt(6, limit);
    return rows(select);
  }

  /** Writes in a state, oldest first. */
  static List<Row> held(
      Statements statements, long mirror, RecordState state, long afterSequence, int limit)
      throws SQLException {
    PreparedStatement select =
        statements.of(
            "SELECT "
                + COLUMNS
                + " FROM record WHERE mirror = ? AND state = ? AND state >= 2 AND sequence > ?"
                + " ORDER BY sequence LIMIT ?");
    select.setLong(1, mirror);
    select.setInt(2, state.code());
    select.setLong(3, afterSequence);
    select.setInt(4, limit);
    return rows(select);
  }

  /** When the oldest write that the other side does not have was made, in milliseconds; or 0. */
  static long oldest(Statements statements, long mirror) throws SQLException {
    PreparedStatement select =
        statements.of(
            "SELECT min(written_at) FROM (SELECT written_at FROM (SELECT written_at FROM record"
                + " WHERE mirror = ?1 AND state = 1 ORDER BY timestamp, tick LIMIT 1) UNION ALL"
                + " SELECT written_at FROM (SELECT written_at FROM record WHERE mirror = ?1"
                + " AND state = 3 AND state >= 2 ORDER BY sequence LIMIT 1))");
    select.setLong(1, mirror);
    try (ResultSet found = select.executeQuery()) {
      return found.next() ? found.getLong(1) : 0;
    }
  }

  /** All writes in the order of their sequence, in pages. */
  static List<Row> page(Statements statements, long afterSequence, int limit) throws SQLException {
    PreparedStatement select =
        statements.of(
            "SELECT " + COLUMNS + " FROM record WHERE sequence > ? ORDER BY sequence LIMIT ?");
    select.setLong(1, afterSequence);
    select.setInt(2, limit);
    return rows(select);
  }

  private static List<Row> rows(PreparedStatement select) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet found = select.executeQuery()) {
      while (found.next()) {
        rows.add(row(found));
      }
    }
    return rows;
  }

  private static Row row(ResultSet found) throws SQLException {
    long sequence = found.getLong(1);
    int kind = found.getInt(3);
    RecordState state = RecordState.of(found.getInt(4));
    if (kind < 0 || kind >= KINDS.size() || state == null) {
      throw new DamagedValueException("record " + sequence + " has a kind or state out of range");
    }
    Row row =
        new Row(
            sequence,
            found.getLong(2),
            KINDS.get(kind),
            state,
            found.getLong(5),
            new Place(found.getLong(6), found.getLong(7)),
            found.getLong(8),
            found.getInt(9) != 0);
    if (row.crc() != found.getLong(10)) {
      throw new DamagedValueException("record " + sequence + " does not match its CRC");
    }
    return row;
  }

  /** The whole of a write. */
  static JournalRecord read(Statements statements, Row row) throws SQLException {
    PreparedStatement select =
        statements.of(
            "SELECT b.partition, b.keys, b.request, b.crc, a.keys, a.crc, r.said FROM body b"
                + " LEFT JOIN answer a ON a.sequence = b.sequence"
                + " LEFT JOIN reason r ON r.sequence = b.sequence WHERE b.sequence = ?");
    select.setLong(1, row.sequence());
    try (ResultSet found = select.executeQuery()) {
      if (!found.next()) {
        throw new DamagedValueException("the body of record " + row.sequence() + " is missing");
      }
      return whole(row, found);
    }
  }

  private static JournalRecord whole(Row row, ResultSet found) throws SQLException {
    String partition = found.getString(1);
    String keys = found.getString(2);
    byte[] request = bytes(found, 3);
    if (found.getLong(4) != Checksums.ofBody(row.sequence(), partition, keys, request)) {
      throw new DamagedValueException(
          "the body of record " + row.sequence() + " does not match its CRC");
    }
    if (row.answered()) {
      byte[] answer = bytes(found, 5);
      if (found.getLong(6) != Checksums.ofAnswer(row.sequence(), answer)) {
        throw new DamagedValueException(
            "the answer to record " + row.sequence() + " is missing or does not match its CRC");
      }
      int length = request.length;
      request = Arrays.copyOf(request, length + answer.length);
      System.arraycopy(answer, 0, request, length, answer.length);
    }
    String said = found.getString(7);
    try {
      return new JournalRecord(
          row,
          partition,
          KeyText.read(keys),
          Instant.ofEpochMilli(row.writtenAt()),
          request,
          said == null ? "" : said);
    } catch (IOException e) {
      throw new DamagedValueException("the keys of record " + row.sequence() + " are no keys");
    }
  }

  /** A blob; none is empty. */
  private static byte[] bytes(ResultSet found, int column) throws SQLException {
    byte[] bytes = found.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  /** What a write holds on disk, about. */
  static long size(Write write, String keys) {
    return write.request().length
        + (long) keys.getBytes(StandardCharsets.UTF_8).length
        + write.partition().length();
  }
}
