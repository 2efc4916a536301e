package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.List;
import java.util.Optional;

/**
 * What a command did.
 *
 * @param collections in the order of their names
 */
public record LiveResult(List<CollectionOutcome> collections) {
  public LiveResult {
    collections = List.copyOf(collections);
  }

  /** The failure itself where all that failed did so alike, else one that says how many. */
  public Optional<FerryException> failure() {
    List<FerryException> failures =
        collections.stream().flatMap(outcome -> outcome.failure().stream()).toList();
    if (failures.isEmpty()) {
      return Optional.empty();
    }
    FerryException first = failures.get(0);
    boolean alike =
        failures.size() == collections.size()
            && failures.stream().allMatch(failure -> failure.code() == first.code());
    boolean wentBack =
        failures.stream().anyMatch(failure -> failure.code() == ErrorCode.CUTOVER_WENT_BACK);
    if (alike && failures.size() == 1) {
      return Optional.of(first);
    }
    FerryException told =
        wentBack
            ? failures.stream()
                .filter(failure -> failure.code() == ErrorCode.CUTOVER_WENT_BACK)
                .findFirst()
                .orElseThrow()
            : first;
    return Optional.of(
        new FerryException(
            alike || wentBack ? told.code() : ErrorCode.SOME_COLLECTIONS_FAILED,
            "%d of %d collections are not done; %s"
                .formatted(failures.size(), collections.size(), told.getMessage()),
            told.hint(),
            told));
  }
}
