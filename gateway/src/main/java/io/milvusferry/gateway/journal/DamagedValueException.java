package io.milvusferry.gateway.journal;

import java.sql.SQLException;

/** A row that SQLite could read, but that is not what was written. */
final class DamagedValueException extends SQLException {
  private static final int CORRUPT = 11;

  DamagedValueException(String what) {
    super(what, null, CORRUPT);
  }
}
