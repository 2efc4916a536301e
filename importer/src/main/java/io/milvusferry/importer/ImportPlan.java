package io.milvusferry.importer;

import io.milvusferry.error.FerryException;
import java.util.List;

/** What an import is going to do: the archive held against the target. */
record ImportPlan(List<PlannedCollection> collections) {
  ImportPlan {
    collections = List.copyOf(collections);
  }

  /**
   * @throws FerryException when a collection cannot be imported as asked; names all that cannot
   */
  void requireNoConflict() {
    List<Decision.Conflict> conflicts =
        collections.stream()
            .map(PlannedCollection::decision)
            .filter(Decision.Conflict.class::isInstance)
            .map(Decision.Conflict.class::cast)
            .toList();
    if (conflicts.isEmpty()) {
      return;
    }
    Decision.Conflict first = conflicts.get(0);
    if (conflicts.size() == 1) {
      throw first.failure();
    }
    throw new FerryException(
        first.code(),
        "%d collections cannot be imported: %s"
            .formatted(
                conflicts.size(),
                String.join("; ", conflicts.stream().map(Decision.Conflict::message).toList())),
        first.hint(),
        null);
  }
}
