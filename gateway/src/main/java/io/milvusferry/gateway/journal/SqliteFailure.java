package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;

/** What SQLite says about the journal, in words of ours. */
final class SqliteFailure {
  static final int FULL = 13;

  /** Our statements do not fit the tables that are there. */
  private static final int ERROR = 1;

  private static final int CORRUPT = 11;
  private static final int NOT_A_DATABASE = 26;
  private static final int IO_ERROR = 10;
  private static final int READ_ONLY = 8;
  private static final int CANNOT_OPEN = 14;

  private SqliteFailure() {}

  static FerryException of(SQLException failure, Path file) {
    String reason = String.valueOf(failure.getMessage());
    return switch (failure.getErrorCode() & 0xff) {
      case FULL -> full(file, reason, failure);
      case ERROR, CORRUPT, NOT_A_DATABASE -> damaged(file, reason, failure);
      case IO_ERROR ->
          // The index of the write-ahead log could not grow, or the medium filled up at a sync.
          reason.contains("SHMSIZE") || reason.toLowerCase(Locale.ROOT).contains("no space")
              ? full(file, reason, failure)
              : broken(file, reason, failure);
      case READ_ONLY, CANNOT_OPEN ->
          new FerryException(
              ErrorCode.LOCAL_PERMISSION,
              "cannot write %s: %s".formatted(file, reason),
              "Choose a state directory on a local disk that this user may write.",
              failure);
      default -> broken(file, reason, failure);
    };
  }

  static FerryException damaged(Path file, String reason, Throwable cause) {
    return new FerryException(
        ErrorCode.JOURNAL_DAMAGED,
        "the journal %s is damaged: %s".formatted(file, reason),
        "Keep the file aside and check the disk; a new journal needs the collections compared, "
            + "since this one holds writes that the other side may lack.",
        cause);
  }

  static FerryException damaged(Path file, String reason) {
    return new FerryException(
        ErrorCode.JOURNAL_DAMAGED,
        "the journal %s is damaged: %s".formatted(file, reason),
        "Keep the file aside and check the disk; a new journal needs the collections compared, "
            + "since this one holds writes that the other side may lack.",
        null);
  }

  private static FerryException full(Path file, String reason, Throwable cause) {
    return new FerryException(
        ErrorCode.DISK_FULL,
        "the disk of %s is full: %s".formatted(file, reason),
        "Free some space; writes of mirrored collections are taken again at once.",
        cause);
  }

  private static FerryException broken(Path file, String reason, Throwable cause) {
    return new FerryException(
        ErrorCode.LOCAL_IO,
        "the journal %s cannot be written or read: %s".formatted(file, reason),
        "Check the disk; writes of mirrored collections are refused meanwhile.",
        cause);
  }
}
