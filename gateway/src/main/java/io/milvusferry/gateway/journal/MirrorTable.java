package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.Direction;
import io.milvusferry.manifest.CollectionName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The mirrored collections in the journal's file. */
final class MirrorTable {
  private static final String COLUMNS =
      "id, database, collection, direction, since, since_timestamp, replaying, read_weight,"
          + " shadow_percent, dirty, crc";
  private static final String PUT =
      "INSERT OR REPLACE INTO mirror(" + COLUMNS + ") VALUES(?,?,?,?,?,?,?,?,?,?,?)";

  private MirrorTable() {}

  static void put(Statements statements, MirrorRow row) throws SQLException {
    PreparedStatement put = statements.of(PUT);
    put.setLong(1, row.id());
    put.setString(2, row.collection().database());
    put.setString(3, row.collection().name());
    put.setString(4, row.direction().name());
    put.setLong(5, row.since().toEpochMilli());
    put.setLong(6, row.sinceTimestamp());
    put.setInt(7, row.replaying() ? 1 : 0);
    put.setInt(8, row.readWeight());
    put.setInt(9, row.shadowPercent());
    put.setInt(10, row.dirty() ? 1 : 0);
    put.setLong(11, Checksums.ofMirror(row));
    put.executeUpdate();
  }

  static void remove(Statements statements, long id) throws SQLException {
    statements.update("DELETE FROM mirror WHERE id = ?", id);
    statements.update("DELETE FROM follower WHERE mirror = ?", id);
    statements.update("DELETE FROM identity WHERE mirror = ?", id);
  }

  /** Keeps what tells the collection of the source from others of its name. */
  static void identity(Statements statements, long id, String said) throws SQLException {
    PreparedStatement put =
        statements.of("INSERT OR REPLACE INTO identity(mirror, said) VALUES(?,?)");
    put.setLong(1, id);
    put.setString(2, said);
    put.executeUpdate();
  }

  /** What {@link #identity} kept; empty for nothing. */
  static String identity(Statements statements, long id) throws SQLException {
    PreparedStatement select = statements.of("SELECT said FROM identity WHERE mirror = ?");
    select.setLong(1, id);
    try (ResultSet found = select.executeQuery()) {
      return found.next() ? found.getString(1) : "";
    }
  }

  /** Keeps the latest timestamp that the side that follows answered with. */
  static void follower(Statements statements, long id, long timestamp) throws SQLException {
    statements.update(
        "INSERT OR REPLACE INTO follower(mirror, timestamp, crc) VALUES(?,?,?)",
        id,
        timestamp,
        Checksums.of(id, timestamp));
  }

  /** What {@link #follower} kept; 0 for nothing. */
  static long follower(Statements statements, long id) throws SQLException {
    PreparedStatement select =
        statements.of("SELECT timestamp, crc FROM follower WHERE mirror = ?");
    select.setLong(1, id);
    try (ResultSet found = select.executeQuery()) {
      if (!found.next()) {
        return 0;
      }
      long timestamp = found.getLong(1);
      if (found.getLong(2) != Checksums.of(id, timestamp)) {
        throw new DamagedValueException("follower " + id + " does not match its CRC");
      }
      return timestamp;
    }
  }

  /** All rows. A row that was changed by something else gives an {@link SQLException} of damage. */
  static List<MirrorRow> all(Statements statements) throws SQLException {
    List<MirrorRow> rows = new ArrayList<>();
    try (ResultSet found =
        statements.of("SELECT " + COLUMNS + " FROM mirror ORDER BY id").executeQuery()) {
      while (found.next()) {
        rows.add(row(found));
      }
    }
    return rows;
  }

  private static MirrorRow row(ResultSet found) throws SQLException {
    try {
      MirrorRow row =
          new MirrorRow(
              found.getLong(1),
              new CollectionName(found.getString(2), found.getString(3)),
              Direction.valueOf(found.getString(4)),
              Instant.ofEpochMilli(found.getLong(5)),
              found.getLong(6),
              found.getInt(7) != 0,
              found.getInt(8),
              found.getInt(9),
              found.getInt(10) != 0);
      if (found.getLong(11) == Checksums.ofMirror(row)) {
        return row;
      }
    } catch (IllegalArgumentException e) {
      throw new DamagedValueException("mirror " + found.getLong(1) + " holds " + e.getMessage());
    }
    throw new DamagedValueException("mirror " + found.getLong(1) + " does not match its CRC");
  }
}
