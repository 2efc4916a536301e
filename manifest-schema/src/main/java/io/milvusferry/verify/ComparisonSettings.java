package io.milvusferry.verify;

import java.time.Duration;
import java.util.Set;

/**
 * How rows are compared.
 *
 * @param threads slices read at once, over both sides
 * @param maxFindings findings that the result lists; more go to the consumer
 * @param ignoredFields names of fields that may differ; with the primary key among them, rows
 *     cannot be told apart and only their number and content as a whole are compared
 * @param rereadDelay how long a difference must last before it is believed: servers answer stale
 *     for a while after a compaction
 */
public record ComparisonSettings(
    int threads, int maxFindings, Set<String> ignoredFields, Duration rereadDelay) {
  /** Two threads, a thousand findings, all fields, and three seconds. */
  public static final ComparisonSettings DEFAULT =
      new ComparisonSettings(2, 1000, Set.of(), Duration.ofSeconds(3));

  public ComparisonSettings {
    ignoredFields = Set.copyOf(ignoredFields);
    if (threads < 1 || maxFindings < 0 || rereadDelay.isNegative()) {
      throw new IllegalArgumentException(
          "%d threads, %d findings, delay %s".formatted(threads, maxFindings, rereadDelay));
    }
  }
}
