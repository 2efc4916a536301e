package io.milvusferry.gateway.journal;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many writes of a collection are in which state. Safe for several threads. */
final class Tally {
  private final Map<RecordState, Long> counts = new EnumMap<>(RecordState.class);
  private long frontier = -1;
  private String lastError = "";

  synchronized void add(RecordState state, long writes) {
    counts.merge(state, writes, Long::sum);
    notifyAll();
  }

  /** A write goes from one state to another; null is the state of one that is not kept. */
  synchronized void move(@Nullable RecordState from, @Nullable RecordState to) {
    if (from != null) {
      counts.merge(from, -1L, Long::sum);
    }
    if (to != null) {
      counts.merge(to, 1L, Long::sum);
    }
    notifyAll();
  }

  synchronized long count(RecordState state) {
    return counts.getOrDefault(state, 0L);
  }

  /** Writes that the other side does not have yet, but for those whose outcome is unknown. */
  synchronized long pending() {
    return count(RecordState.INTENDED) + count(RecordState.DONE) + count(RecordState.BLOCKED);
  }

  /** Whether no write waits to be replayed; failed ones, and those behind them, do not count. */
  synchronized boolean drained() {
    return count(RecordState.DONE) == 0;
  }

  /** Waits until {@link #drained}; false when {@code patience} ended before. */
  synchronized boolean awaitDrained(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!drained()) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  /** All writes before that timestamp of the deciding side were replayed. */
  synchronized void frontier(long timestamp) {
    frontier = timestamp;
  }

  /** Whether the other side has every write up to that timestamp. */
  synchronized boolean reached(long timestamp) {
    boolean whole =
        count(RecordState.FAILED) == 0
            && count(RecordState.BLOCKED) == 0
            && count(RecordState.UNRESOLVED) == 0;
    return whole && (drained() || timestamp < frontier);
  }

  synchronized void lastError(String reason) {
    lastError = reason;
  }

  synchronized String lastError() {
    return lastError;
  }
}
