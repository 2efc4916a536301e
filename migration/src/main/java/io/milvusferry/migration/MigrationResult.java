package io.milvusferry.migration;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a migration did.
 *
 * @param collections sorted by their names at the source
 */
public record MigrationResult(List<MoveResult> collections, Duration duration) {
  public MigrationResult {
    collections = List.copyOf(collections);
  }

  /** Whether every collection was read back and found the same. */
  public boolean proven() {
    return collections.stream()
        .allMatch(collection -> collection.done() && collection.proof().proven());
  }

  /** Rows of all collections that were read. */
  public long rows() {
    return collections.stream().mapToLong(MoveResult::rows).sum();
  }

  /**
   * What to report where not everything is done: the failure itself if all failed alike, else one
   * that says how many.
   */
  public Optional<FerryException> failure() {
    List<MoveResult> failed =
        collections.stream().filter(collection -> collection.failure().isPresent()).toList();
    long different =
        collections.stream().filter(collection -> collection.status() == Status.DIFFERENT).count();
    if (failed.isEmpty()) {
      return different == 0 ? Optional.empty() : Optional.of(differ(different));
    }
    MoveResult example = failed.get(0);
    FerryException first = example.failure().orElseThrow();
    if (failed.size() == collections.size()
        && failed.stream()
            .allMatch(other -> other.failure().orElseThrow().code() == first.code())) {
      return Optional.of(first);
    }
    return Optional.of(
        new FerryException(
            ErrorCode.SOME_COLLECTIONS_FAILED,
            "%d of %d collections are not done; %s: %s"
                .formatted(
                    failed.size() + different,
                    collections.size(),
                    example.source(),
                    first.getMessage()),
            first.hint(),
            first));
  }

  private FerryException differ(long different) {
    return new FerryException(
        ErrorCode.ROWS_DIFFER,
        "%d of %d collections are not the same at the target"
            .formatted(different, collections.size()),
        "Read the findings; migrate with --on-existing replace to load them anew.",
        null);
  }
}
