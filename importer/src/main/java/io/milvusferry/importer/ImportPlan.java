package io.milvusferry.importer;

import io.milvusferry.error.FerryException;
import java.util.List;
import java.util.Optional;

/** What an import is going to do: the archive held against the target. */
record ImportPlan(List<PlannedCollection> collections) {
  ImportPlan {
    collections = List.copyOf(collections);
  }

  /**
   * @throws FerryException when a collection cannot be imported as asked; names all that cannot
   */
  void requireNoConflict() {
    Optional<FerryException> failure = failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** Why nothing can be imported; names everything that is in the way. */
  Optional<FerryException> failure() {
    List<Refusal> refusals =
        collections.stream().flatMap(planned -> planned.refusals().stream()).toList();
    if (refusals.isEmpty()) {
      return Optional.empty();
    }
    Refusal first = refusals.get(0);
    if (refusals.size() == 1) {
      return Optional.of(new FerryException(first.code(), first.message(), first.hint(), null));
    }
    long refused = collections.stream().filter(planned -> !planned.refusals().isEmpty()).count();
    return Optional.of(
        new FerryException(
            first.code(),
            "%s cannot be imported: %s"
                .formatted(
                    refused == 1 ? "a collection" : refused + " collections",
                    String.join("; ", refusals.stream().map(Refusal::message).toList())),
            first.hint(),
            null));
  }
}
