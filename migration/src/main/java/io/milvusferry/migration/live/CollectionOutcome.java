package io.milvusferry.migration.live;

import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.util.List;
import java.util.Optional;

/**
 * What a command did with one collection.
 *
 * @param done the last phase that is done; empty where nothing is recorded (any more)
 * @param notes what the operator should know, one sentence each
 * @param failure why it did not go further
 */
public record CollectionOutcome(
    CollectionName name,
    Optional<MigrationPhase> done,
    int readWeight,
    List<String> notes,
    Optional<FerryException> failure) {
  public CollectionOutcome {
    notes = List.copyOf(notes);
  }

  static CollectionOutcome of(LiveCollection collection, List<String> notes) {
    return new CollectionOutcome(
        collection.name(),
        Optional.of(collection.done()),
        collection.readWeight(),
        notes,
        Optional.empty());
  }
}
