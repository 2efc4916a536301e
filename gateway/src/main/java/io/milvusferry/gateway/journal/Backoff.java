package io.milvusferry.gateway.journal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Pauses while a server fails: each up to twice as long as the last one, with jitter. */
final class Backoff {
  private final MirroringSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private int failures;
  private long until;

  Backoff(MirroringSettings settings, InstantSource clock, RandomGenerator random) {
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /** It failed again; those of calls that ran at once count once. */
  synchronized void failed() {
    if (pauses()) {
      return;
    }
    long most = settings.maxBackoff().toMillis();
    long full = Math.min(most, settings.firstBackoff().toMillis() << Math.min(failures, 20));
    failures++;
    until = clock.millis() + full / 2 + random.nextLong(full / 2 + 1);
  }

  synchronized void reset() {
    failures = 0;
    until = 0;
  }

  synchronized boolean pauses() {
    return clock.millis() < until;
  }

  /** What is left of the pause, but at least a millisecond; {@code otherwise} when it is over. */
  synchronized Duration pause(Duration otherwise) {
    long left = until - clock.millis();
    return left <= 0 || left > otherwise.toMillis() ? otherwise : Duration.ofMillis(left);
  }
}
