package io.milvusferry.verify;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.progress.ProgressSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Compares the rows of a collection on two sides, whatever the sides are.
 *
 * <p>First the fingerprints of the partitions, known or read. What differs is read once more after
 * a while. What still differs is gone through row by row in key order, in bounded memory, so that
 * each missing, extra or changed row is named.
 */
public final class Comparison {
  private static final int SLICES_PER_THREAD = 4;

  private final CollectionName collection;
  private final ComparisonSettings settings;
  private final ProgressSink progress;
  private final Consumer<RowFinding> rest;
  private final String task;

  /**
   * @param collection the name that findings bear
   * @param rest takes the findings that are too many for the result, in order
   */
  public Comparison(
      CollectionName collection,
      ComparisonSettings settings,
      ProgressSink progress,
      Consumer<RowFinding> rest) {
    this.collection = collection;
    this.settings = settings;
    this.progress = progress;
    this.rest = rest;
    this.task = "compare " + collection;
  }

  /**
   * Compares all rows.
   *
   * @throws FerryException {@link ErrorCode#ROWS_DIFFER} when the sides have other fields, so that
   *     no row can be equal; {@link ErrorCode#INTERRUPTED}; and whatever reading throws
   */
  public ComparisonResult compare(ComparisonSide expected, ComparisonSide actual) {
    List<FieldSpec> fields = fields(expected.rows().schema(), actual.rows().schema());
    Set<String> wanted =
        settings.ignoredFields().isEmpty()
            ? Set.of()
            : fields.stream().map(FieldSpec::name).collect(Collectors.toSet());
    SideReading left = new SideReading(expected, fields, wanted, progress, task);
    SideReading right = new SideReading(actual, fields, wanted, progress, task);
    ExecutorService pool = Executors.newFixedThreadPool(settings.threads());
    try {
      progress.started(task, -1, -1);
      ComparisonResult result = new Run(left, right, fields, pool).compare();
      progress.finished(task);
      return result;
    } finally {
      pool.shutdownNow();
    }
  }

  private List<FieldSpec> fields(CollectionSchema expected, CollectionSchema actual) {
    List<FieldSpec> left = compared(expected);
    List<FieldSpec> right = compared(actual);
    for (FieldSpec field : left) {
      Optional<FieldSpec> same = find(right, field.name());
      if (same.isEmpty()
          || same.get().primaryKey() != field.primaryKey()
          || !same.get().typeText().equals(field.typeText())) {
        throw incomparable(field.name(), describe(field), same.map(Comparison::describe));
      }
    }
    for (FieldSpec field : right) {
      if (find(left, field.name()).isEmpty()) {
        throw incomparable(field.name(), "nothing", Optional.of(describe(field)));
      }
    }
    if (expected.partitionKey().isPresent() != actual.partitionKey().isPresent()) {
      throw incomparable(
          "the partition key",
          expected.partitionKey().map(FieldSpec::name).orElse("nothing"),
          actual.partitionKey().map(FieldSpec::name));
    }
    return left;
  }

  private List<FieldSpec> compared(CollectionSchema schema) {
    return schema.rowFields().stream()
        .filter(field -> !settings.ignoredFields().contains(field.name()))
        .toList();
  }

  private static Optional<FieldSpec> find(List<FieldSpec> fields, String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  private static String describe(FieldSpec field) {
    return field.typeText() + (field.primaryKey() ? " (key)" : "");
  }

  private FerryException incomparable(String what, String expected, Optional<String> actual) {
    return new FerryException(
        ErrorCode.ROWS_DIFFER,
        "rows of %s cannot be compared: %s is %s on one side and %s on the other"
            .formatted(collection, what, expected, actual.orElse("nothing")),
        "Compare collections of the same schema, or leave the field out of the comparison.",
        null);
  }

  /** One comparison. */
  private final class Run {
    private final SideReading left;
    private final SideReading right;
    private final List<FieldSpec> fields;
    private final ExecutorService pool;
    private final Set<String> partitions = new LinkedHashSet<>();
    private final FindingCollector findings = new FindingCollector(settings.maxFindings(), rest);

    Run(SideReading left, SideReading right, List<FieldSpec> fields, ExecutorService pool) {
      this.left = left;
      this.right = right;
      this.fields = fields;
      this.pool = pool;
      partitions.addAll(left.partitions());
      partitions.addAll(right.partitions());
    }

    ComparisonResult compare() {
      read(partitions);
      Set<String> differing = differing(partitions);
      boolean reread = !differing.isEmpty() && (left.isLive() || right.isLive());
      if (reread) {
        pause();
        read(differing);
        differing = differing(differing);
      }
      boolean keyed = fields.stream().anyMatch(FieldSpec::primaryKey);
      for (String partition : differing) {
        if (keyed) {
          long before = findings.count();
          merge(partition, buckets(partition, differing.size()));
          if (findings.count() == before) {
            requireKnown(left, partition);
            requireKnown(right, partition);
          }
        } else {
          content(partition, left.total(partition), right.total(partition));
        }
      }
      return new ComparisonResult(
          left.total(),
          right.total(),
          findings.missing(),
          findings.extra(),
          findings.changed(),
          findings.listed(),
          reread);
    }

    private void read(Set<String> which) {
      int slices = settings.threads() * SLICES_PER_THREAD;
      List<Callable<Boolean>> tasks = new ArrayList<>(left.tasks(which, slices));
      tasks.addAll(right.tasks(which, slices));
      ParallelTasks.run(pool, tasks);
    }

    private Set<String> differing(Collection<String> among) {
      Set<String> differing = new LinkedHashSet<>();
      for (String partition : among) {
        if (!left.total(partition).equals(right.total(partition))) {
          differing.add(partition);
        }
      }
      return differing;
    }

    /**
     * Which buckets of a partition differ. Those of a whole collection tell it only where no other
     * partition differs: a row that moved between two leaves no trace in them.
     */
    private boolean[] buckets(String partition, int differingPartitions) {
      Optional<BucketFingerprints> one = left.buckets(partition);
      Optional<BucketFingerprints> other = right.buckets(partition);
      if ((one.isEmpty() || other.isEmpty()) && differingPartitions == 1) {
        one = left.buckets();
        other = right.buckets();
      }
      if (one.isPresent() && other.isPresent()) {
        return one.get().differing(other.get());
      }
      boolean[] all = new boolean[BucketFingerprints.BUCKETS];
      Arrays.fill(all, true);
      return all;
    }

    private void merge(String partition, boolean[] buckets) {
      try (PartitionRows expected = left.rows(partition, buckets);
          PartitionRows actual = right.rows(partition, buckets)) {
        new RowMerge(collection, partition, fields, findings).run(expected, actual);
      }
    }

    /**
     * No row differs although the fingerprints did. Then rows changed since they were read, which
     * is fine, unless an archive states a fingerprint that its own rows do not have.
     */
    private void requireKnown(SideReading side, String partition) {
      if (side.isLive()) {
        return;
      }
      ParallelTasks.run(
          pool, side.readingTasks(Set.of(partition), settings.threads() * SLICES_PER_THREAD));
      Fingerprint found = side.readTotal(partition);
      if (!found.equals(side.total(partition))) {
        content(partition, side.total(partition), found);
      }
    }

    private void content(String partition, Fingerprint expected, Fingerprint actual) {
      findings.content(
          new RowFinding(
              RowFinding.Kind.CONTENT,
              collection,
              partition,
              "",
              List.of(),
              text(expected),
              text(actual)),
          expected.rows() - actual.rows());
    }

    private static String text(Fingerprint fingerprint) {
      return "%d rows with fingerprint %s".formatted(fingerprint.rows(), fingerprint.sum());
    }

    private void pause() {
      try {
        TimeUnit.NANOSECONDS.sleep(settings.rereadDelay().toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FerryException(
            ErrorCode.INTERRUPTED, "interrupted", "Run the same command again.", e);
      }
    }
  }
}
