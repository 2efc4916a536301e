package io.milvusferry.connector;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for something that a server does in its own time. */
final class Waiting {
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  /** A pause is such a part of the wait so far, so that no wait is much longer than it need be. */
  private static final long PART = 10;

  private Waiting() {}

  /**
   * Asks until {@code pending} has nothing left to say.
   *
   * @param pending what is still awaited, in words; empty when it has come
   * @throws FerryException {@link ErrorCode#SERVER_TIMEOUT} with those words after the deadline
   */
  static void until(Duration deadline, String what, Supplier<String> pending) {
    long began = System.nanoTime();
    for (String left = pending.get(); !left.isEmpty(); left = pending.get()) {
      if (System.nanoTime() - began > deadline.toNanos()) {
        throw new FerryException(
            ErrorCode.SERVER_TIMEOUT,
            "%s did not end within %d s: %s".formatted(what, deadline.toSeconds(), left),
            "Look at the server's log; then run the same command again, it resumes.",
            null);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pause(System.nanoTime() - began));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FerryException(
            ErrorCode.INTERRUPTED,
            what + " was stopped",
            "Run the same command again; it resumes.",
            e);
      }
    }
  }

  private static long pause(long waitedNanos) {
    long part = TimeUnit.NANOSECONDS.toMillis(waitedNanos) / PART;
    return Math.max(SHORTEST_PAUSE_MILLIS, Math.min(LONGEST_PAUSE_MILLIS, part));
  }
}
