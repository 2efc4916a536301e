package io.milvusferry.importer;

import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one collection.
 *
 * @param source name in the archive
 * @param target name at the target
 * @param rows rows in the archive
 * @param bulkRows rows that the server loaded from parts in this run
 * @param insertedRows rows that were inserted in this run
 * @param deviations what the target cannot keep or keeps differently
 * @param failure why it is not done; the other collections went on
 * @param times where the time went
 * @param kept what the one is called now that had its name
 */
public record CollectionResult(
    CollectionName source,
    CollectionName target,
    Status status,
    long rows,
    long bulkRows,
    long insertedRows,
    Proof proof,
    List<Deviation> deviations,
    Optional<FerryException> failure,
    Map<ImportStage, Duration> times,
    Optional<CollectionName> kept) {
  /** What became of it. */
  public enum Status {
    /** Made and filled in this run. */
    IMPORTED,
    /** Begun by an earlier run, completed by this one. */
    CONTINUED,
    /** An earlier run had done it all. */
    NOTHING_TO_DO,
    /** It was there, and was left alone. */
    SKIPPED,
    /** Complete, but its rows are not the archive's. */
    DIFFERENT,
    /** Not complete; see the failure. */
    FAILED
  }

  public CollectionResult {
    deviations = List.copyOf(deviations);
    times = Map.copyOf(times);
  }

  /** The same under the name that it took. */
  CollectionResult published(CollectionName name, Optional<CollectionName> replaced) {
    return new CollectionResult(
        source,
        name,
        status,
        rows,
        bulkRows,
        insertedRows,
        proof,
        deviations,
        failure,
        times,
        replaced);
  }

  /** Whether it needs no further run. */
  public boolean done() {
    return status != Status.FAILED && status != Status.DIFFERENT;
  }
}
