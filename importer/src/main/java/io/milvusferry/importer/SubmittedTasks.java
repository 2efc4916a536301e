package io.milvusferry.importer;

import io.milvusferry.connector.ImportTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks into the server's list of bulk imports for those of one collection. */
final class SubmittedTasks {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ImportContext context;
  private final TargetCollection collection;

  SubmittedTasks(ImportContext context, TargetCollection collection) {
    this.context = context;
    this.collection = collection;
  }

  /**
   * Tasks that must not be taken for the one about to be submitted. A file name of our own needs
   * none.
   */
  Set<Long> known(StagingArea.Staged staged) {
    return staged.unique()
        ? Set.of()
        : of(staged.asServerSees()).stream().map(ImportTask::id).collect(Collectors.toSet());
  }

  /**
   * The task that a submission became, if the server took it.
   *
   * @param settle whether the server may still be at work on the call, so that it is worth waiting
   */
  Optional<Long> find(PartProgress progress, PartProgress.Attempt attempt, boolean settle) {
    Optional<Long> task = find(progress, attempt);
    Duration left = settlingLeft(attempt);
    while (settle && task.isEmpty() && !left.isZero()) {
      context.pause().pause(left.compareTo(LOOK) < 0 ? left : LOOK);
      task = find(progress, attempt);
      left = settlingLeft(attempt);
    }
    return task;
  }

  /** Whether the server lists the task, of whatever collection. */
  boolean lists(long task) {
    return all().stream().anyMatch(other -> other.id() == task);
  }

  private Optional<Long> find(PartProgress progress, PartProgress.Attempt attempt) {
    return of(attempt.file()).stream()
        .map(ImportTask::id)
        .filter(id -> !attempt.known().contains(id) && !progress.failedTasks().contains(id))
        .max(Comparator.naturalOrder());
  }

  private List<ImportTask> of(String file) {
    return all().stream()
        .filter(task -> task.collectionId() == collection.id() && task.files().contains(file))
        .toList();
  }

  private List<ImportTask> all() {
    return context.server().importTasks(collection.name().database());
  }

  private Duration settlingLeft(PartProgress.Attempt attempt) {
    Duration settle = context.limits().settle();
    Instant end = Instant.ofEpochMilli(attempt.millis()).plus(settle);
    Duration left = Duration.between(context.clock().instant(), end);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(settle) > 0 ? settle : left;
  }
}
