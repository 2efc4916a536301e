package io.milvusferry.transfer.remote;

/**
 * Decides how many connections are worth having: some at once, then more as long as they make the
 * whole faster, and again when it becomes slower than it was. On a far link that loses packets a
 * connection begins fast and then falls to a rate of its own, so that a few seem to fill the link
 * at first and do not later. For one thread at a time.
 */
final class Ramp {
  /** Answers that take longer than this come from far away. */
  private static final long FAR = 5_000_000;

  /** Opened without asking. */
  private static final int FAR_START = 16;

  /** Added at once: what a server lets log in at the same time. */
  private static final int FAR_STEP = 8;

  /** A near server is limited by processors, not by the link. */
  private static final int NEAR_STEP = 2;

  /** With more connections, the rate must have grown so much for still more. */
  private static final double LEAST_GAIN = 1.1;

  /** Below this part of the best rate, the link has room. */
  private static final double DECLINE = 0.85;

  /** What becomes of the best rate when the connections that it called for did not reach it. */
  private static final double OBLIVION = 0.9;

  /** A rate is taken over so many nanoseconds. */
  private static final long WINDOW = 1_000_000_000;

  private int step;
  private int allowed;
  private double best;
  private boolean measuring;
  private long since;
  private long movedThen;

  /**
   * Hears how far away the server is; the first time counts.
   *
   * @param roundTrip in nanoseconds
   * @return how many connections are worth having so far
   */
  int distance(long roundTrip) {
    if (step == 0) {
      step = roundTrip < FAR ? NEAR_STEP : FAR_STEP;
      allowed = roundTrip < FAR ? NEAR_STEP : FAR_START;
    }
    return allowed;
  }

  /**
   * Whether one more connection may be opened.
   *
   * @param open connections that are open or being opened
   * @param ready those that are open
   * @param moved bytes acknowledged or received so far, over all connections
   * @param now in nanoseconds, of a clock that never goes back
   */
  boolean allows(int open, int ready, long moved, long now) {
    if (open < allowed) {
      return true;
    }
    if (ready < allowed) {
      measuring = false;
      return false;
    }
    if (!measuring) {
      measure(moved, now);
      return false;
    }
    if (now - since < WINDOW) {
      return false;
    }
    double rate = (double) (moved - movedThen) / (now - since);
    measure(moved, now);
    boolean grew = rate > best * LEAST_GAIN;
    boolean sank = rate < best * DECLINE;
    best = Math.max(rate, sank ? best * OBLIVION : best);
    if (grew || sank) {
      allowed += step;
    }
    return grew || sank;
  }

  private void measure(long moved, long now) {
    measuring = true;
    since = now;
    movedThen = moved;
  }
}
