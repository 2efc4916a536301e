package io.milvusferry.verify;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Fingerprints of one side, by partition: known beforehand or read. */
final class SideReading {
  private final RowSource rows;
  private final Optional<KnownFingerprints> known;
  private final List<FieldSpec> fields;
  private final Set<String> wanted;
  private final ProgressSink progress;
  private final String task;
  private final Map<String, RowFingerprint> read = new ConcurrentHashMap<>();

  /**
   * @param fields what of each row counts
   * @param wanted their names, empty for all
   */
  SideReading(
      ComparisonSide side,
      List<FieldSpec> fields,
      Set<String> wanted,
      ProgressSink progress,
      String task) {
    this.rows = side.rows();
    this.known = wanted.isEmpty() ? side.known() : Optional.empty();
    this.fields = fields;
    this.wanted = wanted;
    this.progress = progress;
    this.task = task;
  }

  /** Whether fingerprints come from reading rows, which may give others another time. */
  boolean isLive() {
    return known.isEmpty();
  }

  List<String> partitions() {
    return rows.partitions();
  }

  /** Work that reads these partitions anew; nothing where fingerprints are known. */
  List<Callable<Boolean>> tasks(Set<String> partitions, int slices) {
    return isLive() ? readingTasks(partitions, slices) : List.of();
  }

  /** Work that reads these partitions anew, also where fingerprints are known. */
  List<Callable<Boolean>> readingTasks(Set<String> partitions, int slices) {
    partitions.forEach(read::remove);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (Slice slice : rows.slices(slices)) {
      if (partitions.contains(slice.partition())) {
        tasks.add(() -> readSlice(slice));
      }
    }
    return tasks;
  }

  /** The fingerprint of a partition; of no rows where the side has no such partition. */
  Fingerprint total(String partition) {
    return known
        .map(it -> it.partitions().getOrDefault(partition, Fingerprint.EMPTY))
        .orElseGet(() -> readTotal(partition));
  }

  /** What reading gave, whatever is known. */
  Fingerprint readTotal(String partition) {
    RowFingerprint sum = read.get(partition);
    return sum == null ? Fingerprint.EMPTY : sum.total();
  }

  /** The fingerprint of all rows. */
  Fingerprint total() {
    FingerprintSum total = new FingerprintSum();
    partitions().forEach(partition -> total.add(total(partition)));
    return total.value();
  }

  /** Buckets of one partition, where rows were read. */
  Optional<BucketFingerprints> buckets(String partition) {
    if (!isLive()) {
      return Optional.empty();
    }
    RowFingerprint sum = read.get(partition);
    return Optional.of(sum == null ? new BucketFingerprints() : sum.buckets());
  }

  /** Buckets of the whole collection, where known or read. */
  Optional<BucketFingerprints> buckets() {
    if (!isLive()) {
      return known.flatMap(KnownFingerprints::buckets);
    }
    BucketFingerprints all = new BucketFingerprints();
    read.values().forEach(sum -> all.add(sum.buckets()));
    return Optional.of(all);
  }

  /** The rows of a partition in key order. */
  PartitionRows rows(String partition, boolean[] buckets) {
    List<Slice> slices =
        rows.slices(1).stream().filter(slice -> slice.partition().equals(partition)).toList();
    return new PartitionRows(rows, slices, wanted, fields, buckets);
  }

  private Boolean readSlice(Slice slice) {
    RowFingerprint sum = new RowFingerprint(fields);
    try (BatchCursor cursor = rows.scan(slice, wanted)) {
      for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
        sum.add(batch);
        progress.advanced(task, batch.rows(), batch.byteSize());
      }
    }
    read.compute(
        slice.partition(),
        (partition, before) -> {
          if (before == null) {
            return sum;
          }
          before.add(sum);
          return before;
        });
    return true;
  }
}
