package io.milvusferry.migration.live;

import io.milvusferry.manifest.CollectionName;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the migration of one collection is.
 *
 * @param done the last phase that is done
 * @param targetId the server's id of the collection that ferry made at the target; 0 before it did
 * @param readWeight percent of reads at the target that the last step held
 * @param note why something went back or was left; empty otherwise
 * @param changedAt when this was recorded
 */
public record LiveCollection(
    CollectionName name,
    MigrationPhase done,
    long targetId,
    int readWeight,
    Optional<ComparisonNote> comparison,
    Optional<ShadowNote> shadow,
    String note,
    Instant changedAt) {
  /** A collection that was just prepared. */
  static LiveCollection prepared(CollectionName name, Instant now) {
    return new LiveCollection(
        name, MigrationPhase.PREPARE, 0, 0, Optional.empty(), Optional.empty(), "", now);
  }

  LiveCollection at(MigrationPhase phase, Instant now) {
    return new LiveCollection(name, phase, targetId, readWeight, comparison, shadow, note, now);
  }

  LiveCollection withTargetId(long id) {
    return new LiveCollection(name, done, id, readWeight, comparison, shadow, note, changedAt);
  }

  LiveCollection withReadWeight(int percent, String why, Instant now) {
    return new LiveCollection(name, done, targetId, percent, comparison, shadow, why, now);
  }

  LiveCollection withComparison(ComparisonNote found) {
    return new LiveCollection(
        name, done, targetId, readWeight, Optional.of(found), shadow, note, found.at());
  }

  LiveCollection withShadow(ShadowNote found) {
    return new LiveCollection(
        name, done, targetId, readWeight, comparison, Optional.of(found), note, found.at());
  }

  LiveCollection withNote(String why, Instant now) {
    return new LiveCollection(name, done, targetId, readWeight, comparison, shadow, why, now);
  }
}
