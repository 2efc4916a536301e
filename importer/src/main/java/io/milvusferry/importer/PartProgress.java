package io.milvusferry.importer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far one part is, as the journal tells. */
final class PartProgress {
  /**
   * One submission to bulk import.
   *
   * @param number from 1
   * @param file path as the server sees it
   * @param known tasks of the same file and collection that the server listed before
   * @param millis when it was about to be made, by our clock
   */
  record Attempt(int number, String file, Set<Long> known, long millis) {}

  private boolean loaded;
  private int attempts;
  private @Nullable Attempt open;
  private @Nullable Long openTask;
  private final Set<Long> failedTasks = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private long insertedRows;
  private long doubtfulUpTo;
  private long doubtfulSince;

  /** Whether all rows are in the target. */
  boolean loaded() {
    return loaded;
  }

  /** How many submissions there were. */
  int attempts() {
    return attempts;
  }

  /** A submission whose outcome is not known. */
  Optional<Attempt> open() {
    return Optional.ofNullable(open);
  }

  /** The server's id for {@link #open}, if it was heard. */
  Optional<Long> openTask() {
    return Optional.ofNullable(openTask);
  }

  Set<Long> failedTasks() {
    return Set.copyOf(failedTasks);
  }

  /** What the server, or its absence, said about each failed submission. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Rows from the start of the part that are in the target for certain. */
  long insertedRows() {
    return insertedRows;
  }

  /** Rows from {@link #insertedRows} up to this one may be in the target; the same if none is. */
  long doubtfulUpTo() {
    return Math.max(doubtfulUpTo, insertedRows);
  }

  /** When the doubtful rows were sent, by our clock. */
  long doubtfulSince() {
    return doubtfulSince;
  }

  /** Whether nothing was done with this part. */
  boolean untouched() {
    return !loaded && attempts == 0 && !insertBegun();
  }

  /** Whether rows of this part went by insert, so that no bulk import may load it. */
  boolean insertBegun() {
    return doubtfulUpTo > 0;
  }

  void submitting(Attempt attempt) {
    attempts = attempt.number();
    open = attempt;
    openTask = null;
  }

  void submitted(long task) {
    openTask = task;
  }

  void failed(String reason) {
    if (openTask != null) {
      failedTasks.add(openTask);
    }
    failures.add(reason);
    open = null;
    openTask = null;
  }

  void inserting(long upTo, long millis) {
    doubtfulUpTo = upTo;
    doubtfulSince = millis;
  }

  void inserted(long upTo) {
    insertedRows = upTo;
  }

  void finished() {
    loaded = true;
    open = null;
    openTask = null;
  }
}
