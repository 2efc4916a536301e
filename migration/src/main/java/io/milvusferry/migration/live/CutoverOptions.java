package io.milvusferry.migration.live;

import java.time.Duration;
import java.util.List;

/**
 * How reads are cut over.
 *
 * @param steps percent of reads at the target, ascending, the last of them 100 for all
 * @param watch how long each step is watched
 * @param maxErrorRate share of the target's reads that may fail, 0 to 1
 * @param lagLimit how old the oldest write may be that the target lacks
 * @param reverse whether the target decides about writes in the end
 */
public record CutoverOptions(
    List<Integer> steps, Duration watch, double maxErrorRate, Duration lagLimit, boolean reverse) {
  public static final CutoverOptions DEFAULT =
      new CutoverOptions(
          List.of(10, 50, 100), Duration.ofSeconds(60), 0.01, Duration.ofSeconds(5), true);

  public CutoverOptions {
    steps = List.copyOf(steps);
    int last = 0;
    for (int step : steps) {
      if (step <= last || step > 100) {
        throw new IllegalArgumentException("steps %s do not ascend from 1 to 100".formatted(steps));
      }
      last = step;
    }
    if (steps.isEmpty() || watch.isNegative() || maxErrorRate < 0 || maxErrorRate > 1) {
      throw new IllegalArgumentException(
          "steps %s, watch %s, error rate %s".formatted(steps, watch, maxErrorRate));
    }
  }
}
