package io.milvusferry.transfer.remote;

/**
 * Decides how many connections are worth having: a few at once, then twice as many as long as that
 * makes the whole faster. Where each loses packets, or waits for a far answer, more of them help;
 * where the link is full, they do not. For one thread at a time.
 */
final class Ramp {
  /** Opened without asking. */
  private static final int FIRST_STEP = 4;

  /** Twice the connections must make at least so much of the rate before. */
  private static final double LEAST_GAIN = 1.2;

  /** A rate is taken over so many nanoseconds. */
  private static final long WINDOW = 1_000_000_000;

  private int step = FIRST_STEP;
  private double rateBefore;
  private boolean measuring;
  private boolean settled;
  private long since;
  private long movedThen;

  /**
   * Whether one more connection may be opened.
   *
   * @param open connections that are open or being opened
   * @param ready those that are open
   * @param moved bytes acknowledged or received so far, over all connections
   * @param now in nanoseconds, of a clock that never goes back
   */
  boolean allows(int open, int ready, long moved, long now) {
    if (open < step) {
      return true;
    }
    if (settled || ready < step) {
      return false;
    }
    if (!measuring) {
      measuring = true;
      since = now;
      movedThen = moved;
      return false;
    }
    if (now - since < WINDOW) {
      return false;
    }
    measuring = false;
    double rate = (double) (moved - movedThen) / (now - since);
    if (rate < rateBefore * LEAST_GAIN) {
      settled = true;
      return false;
    }
    rateBefore = rate;
    step *= 2;
    return true;
  }
}
