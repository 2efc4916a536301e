package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an import did.
 *
 * @param archiveId digest of the archive's seal
 * @param collections in the order of the archive
 * @param times where the time went that belongs to no single collection
 */
public record ImportResult(
    Digest archiveId,
    List<CollectionResult> collections,
    Map<ImportStage, Duration> times,
    Duration duration) {
  public ImportResult {
    collections = List.copyOf(collections);
    times = Map.copyOf(times);
  }

  /** Whether every collection was read back and found the same, in this run or an earlier one. */
  public boolean proven() {
    return collections.stream().allMatch(collection -> collection.proof().proven());
  }

  /** The time of all collections together with that of the whole import, by stage. */
  public Map<ImportStage, Duration> totalTimes() {
    Map<ImportStage, Duration> total = new EnumMap<>(ImportStage.class);
    times.forEach((stage, time) -> total.merge(stage, time, Duration::plus));
    for (CollectionResult collection : collections) {
      collection.times().forEach((stage, time) -> total.merge(stage, time, Duration::plus));
    }
    return total;
  }

  /**
   * What to report where not everything is done: the failure itself if all failed alike, else one
   * that says how many.
   */
  public Optional<FerryException> failure() {
    List<CollectionResult> failed =
        collections.stream().filter(collection -> collection.failure().isPresent()).toList();
    long different =
        collections.stream()
            .filter(collection -> collection.status() == CollectionResult.Status.DIFFERENT)
            .count();
    if (failed.isEmpty() && different == 0) {
      return Optional.empty();
    }
    if (failed.isEmpty()) {
      return Optional.of(
          new FerryException(
              ErrorCode.ROWS_DIFFER,
              "%d of %d collections do not hold the rows of the archive"
                  .formatted(different, collections.size()),
              "Read the findings; import with --on-existing replace to load them anew.",
              null));
    }
    FerryException first = failed.get(0).failure().orElseThrow();
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
                    failed.size() + (int) different,
                    collections.size(),
                    failed.get(0).target(),
                    first.getMessage()),
            first.hint(),
            first));
  }
}
