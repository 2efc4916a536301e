package io.milvusferry.migration.live;

import java.time.Instant;

/**
 * How the last comparison of both sides ended.
 *
 * @param at when its last round ended
 * @param rounds rounds that it took
 * @param rows rows of the side that decides, in the last round
 * @param differences rows that truly differed in the last round
 * @param repaired rows that truly differed in all rounds, and were made the same
 */
public record ComparisonNote(Instant at, int rounds, long rows, long differences, long repaired) {
  /** Whether nothing differed in the end. */
  public boolean good() {
    return differences == 0;
  }
}
