package io.milvusferry.gateway.proxy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the source's clock says now, by the timestamps of its answers: the clocks of two clusters
 * and of this machine need not agree.
 */
public final class SourceClock {
  private static final int LOGICAL_BITS = 18;
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final InstantSource clock;
  private final AtomicLong aheadMillis = new AtomicLong(UNKNOWN);

  public SourceClock(InstantSource clock) {
    this.clock = clock;
  }

  /** The source answered with this hybrid timestamp just now. */
  void saw(long timestamp) {
    long ahead = (timestamp >>> LOGICAL_BITS) - clock.millis();
    aheadMillis.accumulateAndGet(ahead, Math::max);
  }

  /** The hybrid timestamp of the source so long ago; by this machine's clock until it answered. */
  long ago(Duration time) {
    long ahead = aheadMillis.get();
    long now = clock.millis() + (ahead == UNKNOWN ? 0 : ahead);
    return (now - time.toMillis()) << LOGICAL_BITS;
  }
}
