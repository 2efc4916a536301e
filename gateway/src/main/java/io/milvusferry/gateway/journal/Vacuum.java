package io.milvusferry.gateway.journal;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Gives room back to the disk: pages that deleted writes left behind are used again by later ones,
 * and what is more than a reserve of 32 MiB is cut off the file in steps of 8 MiB. For the thread
 * that writes the journal, outside of transactions.
 */
final class Vacuum {
  private static final int COMMITS = 64;
  private static final int SPARE_PAGES = 4096;
  private static final int STEP_PAGES = 1024;

  private int commits;

  /** After a commit: does something now and then. */
  void afterCommit(Statements statements) {
    commits++;
    if (commits >= COMMITS) {
      commits = 0;
      step(statements);
    }
  }

  /** When there is nothing to write. */
  void step(Statements statements) {
    try {
      if (number(statements, "PRAGMA freelist_count") > SPARE_PAGES) {
        statements.run("PRAGMA incremental_vacuum(" + STEP_PAGES + ")");
        statements.run("PRAGMA wal_checkpoint(PASSIVE)");
      }
    } catch (SQLException e) {
      renew(statements);
    }
  }

  /** The next commit meets the same disk, and tells those who wait for it. */
  private static void renew(Statements statements) {
    try {
      statements.renew();
    } catch (SQLException expected) {
      return; // it failed to end what had failed already
    }
  }

  private static long number(Statements statements, String query) throws SQLException {
    try (ResultSet result = statements.of(query).executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
