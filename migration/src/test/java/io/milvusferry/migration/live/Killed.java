package io.milvusferry.migration.live;

/** What a process that is killed would never get to see. */
final class Killed extends RuntimeException {
  Killed(String where) {
    super(where);
  }
}
