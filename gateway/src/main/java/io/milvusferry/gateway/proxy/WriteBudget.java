package io.milvusferry.gateway.proxy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Memory for the writes under way. A write is read from the network only when there is room for the
 * largest one, and holds no more than its own size from when it is here: what does not fit waits
 * where it is, at the application. One that comes slowly soon holds less, so that it does not keep
 * the others out.
 */
final class WriteBudget {
  /** A write that was not here after so long is a slow one. */
  static final Duration SLOW = Duration.ofSeconds(1);

  /** Milvus takes no larger request. */
  private static final long LARGEST = 64L << 20;

  private static final long OF_SLOW_ONE = 8L << 20;
  private static final long ALL = LARGEST + (32L << 20);

  private final LongSupplier nanoTime;
  private final Consumer<Runnable> later;
  private final Queue<Share> waiting = new ArrayDeque<>();
  private final List<Share> arriving = new ArrayList<>();
  private long free = ALL;
  private boolean lookingAgain;

  /**
   * @param later runs something after {@link #SLOW}
   */
  WriteBudget(LongSupplier nanoTime, Consumer<Runnable> later) {
    this.nanoTime = nanoTime;
    this.later = later;
  }

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
        shrinkSlowOnes();
        next = waiting.peek();
        if (next == null) {
          return;
        }
        if (free < LARGEST) {
          if (!arriving.isEmpty() && !lookingAgain) {
            lookingAgain = true;
            later.accept(this::lookAgain);
          }
          return;
        }
        waiting.remove();
        if (next.ended) {
          continue;
        }
        next.since = nanoTime.getAsLong();
        next.hold(LARGEST);
        arriving.add(next);
      }
      next.granted.run();
    }
  }

  private void lookAgain() {
    synchronized (this) {
      lookingAgain = false;
    }
    grant();
  }

  private void shrinkSlowOnes() {
    long now = nanoTime.getAsLong();
    for (Share share : arriving) {
      if (now - share.since >= SLOW.toNanos() && share.held > OF_SLOW_ONE) {
        share.hold(OF_SLOW_ONE);
      }
    }
  }

  /** What one write holds. */
  final class Share {
    private final Runnable granted;
    private long since;
    private long held;
    private boolean ended;

    private Share(Runnable granted) {
      this.granted = granted;
    }

    /** The write is here, and so large. */
    void settle(long bytes) {
      exchange(bytes, false);
    }

    /** The write is over. */
    void giveBack() {
      exchange(0, true);
    }

    private void exchange(long bytes, boolean end) {
      synchronized (WriteBudget.this) {
        ended |= end;
        arriving.remove(this);
        hold(bytes);
      }
      grant();
    }

    private void hold(long bytes) {
      free += held - bytes;
      held = bytes;
    }
  }
}
