package io.milvusferry.gateway.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Gives room back to the disk: pages that deleted writes left behind are used again by later ones,
 * and what is more than that needs is cut off, a little after each of many commits.
 */
final class Vacuum implements Consumer<Statements> {
  private static final int COMMITS = 64;
  private static final int SPARE_PAGES = 4096; // 32 MiB
  private static final int STEP_PAGES = 1024;

  private int commits;

  @Override
  public void accept(Statements statements) {
    if (++commits % COMMITS != 0) {
      return;
    }
    try {
      if (number(statements, "PRAGMA freelist_count") > SPARE_PAGES) {
        cut(statements);
      }
    } catch (SQLException e) {
      // The next commit meets the same disk, and tells those who wait for it.
      commits = 0;
    }
  }

  /** The pages are cut off one by one, as the rows of the answer are read. */
  private static void cut(Statements statements) throws SQLException {
    try (ResultSet rows =
        statements.of("PRAGMA incremental_vacuum(" + STEP_PAGES + ")").executeQuery()) {
      boolean more = rows.next();
      while (more) {
        more = rows.next();
      }
    }
  }

  private static long number(Statements statements, String query) throws SQLException {
    try (ResultSet result = statements.of(query).executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
