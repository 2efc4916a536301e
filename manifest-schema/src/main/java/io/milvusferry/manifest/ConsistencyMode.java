package io.milvusferry.manifest;

/**
 * What was shown, not claimed, about the moment that the rows of an archive stand for; strongest
 * first.
 */
public enum ConsistencyMode {
  /** All rows as of one timestamp. */
  SNAPSHOT,
  /**
   * Nothing changed while the rows were read: segments, counts and schema are the same before and
   * after.
   */
  QUIET,
  /** Rows were read while others wrote, or nothing could be shown. */
  FUZZY;

  /** The weaker of two. */
  public ConsistencyMode weaker(ConsistencyMode other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
