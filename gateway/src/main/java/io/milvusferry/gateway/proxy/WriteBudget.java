package io.milvusferry.gateway.proxy;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Memory for the writes under way. A write is read from the network only when there is room for the
 * largest one, and holds no more than its own size from when it is here: what does not fit waits
 * where it is, at the application.
 */
final class WriteBudget {
  /** Milvus takes no larger request. */
  private static final long LARGEST = 64L << 20;

  private static final long ALL = 2 * LARGEST;

  private final Queue<Share> waiting = new ArrayDeque<>();
  private long free = ALL;

  /**
   * Asks for room.
   *
   * @param granted starts to read; called once, at once or later, on any thread
   */
  Share ask(Runnable granted) {
    Share share = new Share(granted);
    synchronized (this) {
      waiting.add(share);
    }
    grant();
    return share;
  }

  private void grant() {
    while (true) {
      Share next;
      synchronized (this) {
        next = waiting.peek();
        if (next == null || (free < LARGEST && free < ALL)) {
          return;
        }
        waiting.remove();
        if (next.ended) {
          continue;
        }
        next.held = LARGEST;
        free -= LARGEST;
      }
      next.granted.run();
    }
  }

  /** What one write holds. */
  final class Share {
    private final Runnable granted;
    private long held;
    private boolean ended;

    private Share(Runnable granted) {
      this.granted = granted;
    }

    /** The write is here, and so large. */
    void settle(long bytes) {
      exchange(bytes);
    }

    /** The write is over. */
    void giveBack() {
      synchronized (WriteBudget.this) {
        ended = true;
      }
      exchange(0);
    }

    private void exchange(long bytes) {
      synchronized (WriteBudget.this) {
        free += held - bytes;
        held = bytes;
      }
      grant();
    }
  }
}
