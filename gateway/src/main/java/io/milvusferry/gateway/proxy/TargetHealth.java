package io.milvusferry.gateway.proxy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Spares applications the wait for a target that is away: after a failed connection no read goes
 * there for a moment, and the next one tries it again.
 */
final class TargetHealth {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final AtomicLong awayUntilNanos = new AtomicLong(System.nanoTime());

  boolean away() {
    return System.nanoTime() - awayUntilNanos.get() < 0;
  }

  void failed() {
    awayUntilNanos.set(System.nanoTime() + PAUSE.toNanos());
  }
}
