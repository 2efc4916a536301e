package io.milvusferry.progress;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps a flow of bytes, from any number of threads, at or below a rate over each second. */
public final class Throttle {
  /** Waits for some nanoseconds. */
  @FunctionalInterface
  interface Sleep {
    void sleep(long nanos) throws InterruptedException;
  }

  /** No limit. */
  public static final Throttle NONE =
      new Throttle(Long.MAX_VALUE, System::nanoTime, TimeUnit.NANOSECONDS::sleep);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanoClock;
  private final Sleep sleep;
  private long nextFree;

  private Throttle(long bytesPerSecond, LongSupplier nanoClock, Sleep sleep) {
    this.sleep = sleep;
    this.bytesPerSecond = bytesPerSecond;
    this.nanoClock = nanoClock;
    this.nextFree = nanoClock.getAsLong();
  }

  /** A throttle of that many bytes a second. */
  public static Throttle of(ByteSize perSecond) {
    return of(perSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /** The same by another clock, in nanoseconds. */
  static Throttle of(ByteSize perSecond, LongSupplier nanoClock, Sleep sleep) {
    if (perSecond.bytes() < 1) {
      throw new IllegalArgumentException("a rate of zero would never end");
    }
    return new Throttle(perSecond.bytes(), nanoClock, sleep);
  }

  /** Waits until {@code bytes} more may pass. */
  public void acquire(long bytes) throws InterruptedException {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return;
    }
    long wait;
    synchronized (this) {
      long now = nanoClock.getAsLong();
      long start = Math.max(now, nextFree);
      nextFree = start + (long) ((double) bytes / bytesPerSecond * SECOND);
      wait = start - now;
    }
    sleep.sleep(wait);
  }
}
