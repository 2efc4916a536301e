package io.milvusferry.connector;

/**
 * How many rows to ask for in a page, learned from the pages so far by all cursors over the same
 * fields: large enough to pay, small enough for several readers in a small heap. Safe for several
 * threads.
 */
final class PageSize {
  private static final int FIRST_LIMIT = 1000;

  /** The server's greatest window. */
  private static final int MOST_ROWS = 16_384;

  private static final int PAGE_BYTES = 10 << 20;

  private int limit = FIRST_LIMIT;
  private int most = MOST_ROWS;

  synchronized int limit() {
    return limit;
  }

  /** A page of so many rows took so many bytes. */
  synchronized void seen(int rows, int bytes) {
    limit = (int) Math.max(1, Math.min(most, (long) rows * PAGE_BYTES / Math.max(1, bytes)));
  }

  /** The server could not send a page of {@code failed} rows; no later one will be as large. */
  synchronized void tooLarge(int failed) {
    most = Math.min(most, Math.max(1, failed / 4));
    limit = Math.min(limit, most);
  }
}
