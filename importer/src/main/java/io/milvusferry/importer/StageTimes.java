package io.milvusferry.importer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** Adds up where the time goes. Used by one thread; stages do not nest. */
final class StageTimes {
  private final InstantSource clock;
  private final Map<ImportStage, Duration> times = new EnumMap<>(ImportStage.class);

  StageTimes(InstantSource clock) {
    this.clock = clock;
  }

  <T> T measure(ImportStage stage, Supplier<T> work) {
    Instant start = clock.instant();
    try {
      return work.get();
    } finally {
      times.merge(stage, Duration.between(start, clock.instant()), Duration::plus);
    }
  }

  void run(ImportStage stage, Runnable work) {
    Instant start = clock.instant();
    try {
      work.run();
    } finally {
      times.merge(stage, Duration.between(start, clock.instant()), Duration::plus);
    }
  }

  Map<ImportStage, Duration> times() {
    return Map.copyOf(times);
  }
}
