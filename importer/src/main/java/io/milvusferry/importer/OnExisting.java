package io.milvusferry.importer;

/**
 * What to do with a collection that the target already has and that this import did not make. An
 * unfinished import of the same archive is always continued, whatever is said here.
 */
public enum OnExisting {
  /** It is a conflict: nothing at all is written. */
  FAIL,
  /** The collection is left alone and not compared. */
  SKIP,
  /**
   * Rows are added. Its schema must be the same, and it may hold none of the archive's keys yet;
   * indexes, aliases and properties stay as they are.
   */
  APPEND,
  /** The collection is dropped and made again. */
  REPLACE
}
