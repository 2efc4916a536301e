package io.milvusferry.migration;

import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.importer.Deviation;
import io.milvusferry.importer.ImportStage;
import io.milvusferry.importer.Proof;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one collection.
 *
 * @param source name at the source
 * @param target name at the target
 * @param rows rows that were read from the source
 * @param bytes size of those rows on their way
 * @param duration from the first look at the source to the end of the comparison
 * @param deviations what the target cannot keep or keeps differently
 * @param findings what differs, one sentence each
 * @param failure why it is not done; the other collections went on
 * @param times where the time went at the target
 */
public record MoveResult(
    CollectionName source,
    CollectionName target,
    Status status,
    long rows,
    long bytes,
    Duration duration,
    Proof proof,
    List<Deviation> deviations,
    List<String> findings,
    Optional<FerryException> failure,
    Map<ImportStage, Duration> times) {
  public MoveResult {
    deviations = List.copyOf(deviations);
    findings = List.copyOf(findings);
    times = Map.copyOf(times);
  }

  /** Whether it needs no further run. */
  public boolean done() {
    return status != Status.FAILED && status != Status.DIFFERENT;
  }

  /** Whole rows a second, over the whole duration. */
  public long rowsPerSecond() {
    long millis = Math.max(1, duration.toMillis());
    return rows * 1000 / millis;
  }
}
