package io.milvusferry.migration.live;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The phases of a collection's migration, in their order. One is recorded as done after its effect,
 * and doing it again changes nothing.
 */
public enum MigrationPhase {
  /** The target can hold the collection, and has none of that name. */
  PREPARE,
  /** The gateway journals every write. */
  MIRROR,
  /** The target has the rows of some moment since then. */
  BACKFILL,
  /** The journal is replayed, and the target is as current as that allows. */
  CATCH_UP,
  /** Both sides were compared row by row until two rounds in a row found nothing. */
  COMPARE,
  /** Searches were answered by both sides for a while; reads may be cut over. */
  SHADOW,
  /** All reads go to the target. */
  CUT_OVER,
  /** The target decides about writes; the source is kept current for a way back. */
  REVERSE,
  /** The target alone is written and read. */
  RETIRE;

  /** The phase after this one; the last is followed by itself. */
  MigrationPhase next() {
    List<MigrationPhase> all = Arrays.asList(values());
    return all.get(Math.min(all.indexOf(this) + 1, all.size() - 1));
  }

  /** Whether this phase comes no later than {@code other}. */
  public boolean upTo(MigrationPhase other) {
    return compareTo(other) <= 0;
  }

  /** The word for people and flags: {@code catch-up}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
