package io.milvusferry.migration.live;

import io.milvusferry.gateway.ReadCounts;
import java.util.Optional;

/**
 * Decides, from what was measured while a share of reads went to the target, whether the share may
 * stay.
 */
final class CutoverGate {
  /** So many reads, and a bad share of errors among them is believed before the watch ends. */
  private static final long ENOUGH = 20;

  /**
   * What was measured since the share was set.
   *
   * @param reads reads of applications
   * @param probes reads of ferry's own
   * @param safety what the gateway and earlier phases say
   */
  record Measure(ReadCounts reads, ProbeCounts probes, CutoverSafety safety) {}

  private final double maxErrorRate;

  CutoverGate(double maxErrorRate) {
    this.maxErrorRate = maxErrorRate;
  }

  /** Why the share must go back at once; empty if the watch may go on. */
  Optional<String> meanwhile(Measure measure) {
    boolean enough =
        measure.reads().target().calls() >= ENOUGH || measure.probes().reads() >= ENOUGH;
    return enough ? errors(measure) : Optional.empty();
  }

  /** Why the share must go back at the end of the watch; empty if it may stay. */
  Optional<String> inTheEnd(Measure measure) {
    Optional<String> errors = errors(measure);
    if (errors.isPresent()) {
      return errors;
    }
    if (!measure.safety().safe()) {
      return Optional.of(String.join("; ", measure.safety().obstacles()));
    }
    if (measure.reads().fellBack() > 0 && measure.reads().target().calls() == 0) {
      return Optional.of(
          "not one of %d reads reached the target; the source answered them"
              .formatted(measure.reads().fellBack()));
    }
    return Optional.empty();
  }

  private Optional<String> errors(Measure measure) {
    ReadCounts.SideReads target = measure.reads().target();
    if (target.errorRate() > maxErrorRate) {
      return Optional.of(
          "%s of %d reads failed at the target, more than %s; at the source %s of %d"
              .formatted(
                  percent(target.errorRate()),
                  target.calls(),
                  percent(maxErrorRate),
                  percent(measure.reads().source().errorRate()),
                  measure.reads().source().calls()));
    }
    ProbeCounts probes = measure.probes();
    if (probes.targetErrorRate() > maxErrorRate) {
      return Optional.of(
          "%s of %d probes failed at the target, more than %s: %s"
              .formatted(
                  percent(probes.targetErrorRate()),
                  probes.reads(),
                  percent(maxErrorRate),
                  probes.lastError()));
    }
    return Optional.empty();
  }

  /** A share as text, such as {@code 12.5 %}. */
  static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.1f %%", share * 100);
  }
}
