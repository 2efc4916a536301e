package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an import would do.
 *
 * @param archiveId digest of the archive's seal
 * @param collections in the order of the archive
 * @param failure what the import would fail with before it writes anything; empty if it would begin
 */
public record PlanResult(
    Digest archiveId,
    List<CollectionPlan> collections,
    Optional<FerryException> failure,
    Duration duration) {
  public PlanResult {
    collections = List.copyOf(collections);
  }
}
