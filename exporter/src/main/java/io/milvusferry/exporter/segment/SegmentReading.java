package io.milvusferry.exporter.segment;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.storage.ObjectStore;
import io.milvusferry.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One collection, read from the segment files of a snapshot. */
public final class SegmentReading {
  /** Units that are not needed yet take such a part of the memory. */
  private static final int BUDGET_PART = 4;

  private final ObjectStore store;
  private final long collectionId;
  private final String name;
  private final SegmentSnapshot snapshot;
  private final FieldSpec key;
  private final SegmentFiles files;
  private final BinlogReader binlogs;
  private final UnitReader reader;
  private final UnitReader keyReader;
  private final Path directory;
  private final Map<String, Long> partitionIds;
  private final List<UnitPlan> plans;
  private final long memory = Runtime.getRuntime().maxMemory();

  private SegmentReading(
      CollectionSource source,
      SegmentLedger ledger,
      ObjectStore store,
      SegmentSnapshot snapshot,
      Map<String, String> properties,
      Path directory,
      ExecutorService executor)
      throws InterruptedException {
    this.store = store;
    this.collectionId = source.identity().id();
    CollectionSchema whole = source.only(Excerpt.ALL).schema();
    List<FieldSpec> fields = source.schema().rowFields();
    this.name = source.describe().name().toString();
    UnitReader.requireKnown(name, fields);
    this.snapshot = snapshot;
    this.directory = directory;
    this.key = whole.primaryKey();
    this.files = SegmentFiles.list(store, name, collectionId);
    this.binlogs = new BinlogReader(store, collectionId);
    Moment moment = Moment.of(snapshot.timestamp(), properties);
    this.reader = new UnitReader(binlogs, whole, fields, moment);
    this.keyReader = new UnitReader(binlogs, whole, List.of(key), moment);
    this.partitionIds = ledger.partitionIds();
    this.plans = look(executor);
  }

  /**
   * Lists the files of the snapshot, and counts their rows.
   *
   * @param source tells fields and partitions, perhaps of an excerpt
   * @param properties of the collection, of which its rows' time to live matters
   * @param directory takes files for the time of reading, if there are many deletes
   * @throws FerryException {@link ErrorCode#STORAGE_FOREIGN}, {@link
   *     ErrorCode#SEGMENT_FILES_MISSING}, {@link ErrorCode#SEGMENT_ROWS_DIFFER} and others, where
   *     the files are not those of the snapshot
   */
  public static SegmentReading open(
      CollectionSource source,
      SegmentLedger ledger,
      ObjectStore store,
      SegmentSnapshot snapshot,
      Map<String, String> properties,
      Path directory,
      ExecutorService executor)
      throws InterruptedException {
    return new SegmentReading(source, ledger, store, snapshot, properties, directory, executor);
  }

  /** Rows of the moment, also those that are deleted or hidden by newer ones. */
  public long rows() {
    return plans.stream().mapToLong(UnitPlan::kept).sum();
  }

  /** About how many bytes the rows take in memory. */
  public long estimatedBytes() {
    return plans.stream().mapToLong(UnitPlan::bytes).sum();
  }

  /**
   * The rows of a partition that are visible at the moment.
   *
   * @param partition name; {@code ""} for all partitions of a collection with a partition key
   * @param ahead units that are loaded at once
   * @param executor loads them
   */
  public VisibleRows rows(String partition, KeyRange range, int ahead, ExecutorService executor)
      throws InterruptedException {
    return rows(reader, partition, range, ahead, executor);
  }

  private VisibleRows rows(
      UnitReader with, String partition, KeyRange range, int ahead, ExecutorService executor)
      throws InterruptedException {
    List<Long> ids =
        partition.isEmpty()
            ? List.copyOf(partitionIds.values())
            : List.of(partitionIds.getOrDefault(partition, 0L));
    List<UnitPlan> wanted =
        plans.stream()
            .filter(plan -> ids.contains(plan.unit().partition()))
            .filter(plan -> range.below() == null || plan.min().compareTo(range.below()) < 0)
            .filter(plan -> range.from() == null || plan.max().compareTo(range.from()) >= 0)
            .sorted(Comparator.comparing(UnitPlan::min))
            .toList();
    return new VisibleRows(
        runs(wanted, with, range, ahead, executor), deletes(ids), snapshot.hasCopies(), directory);
  }

  /** Units as they lie, or sorted on disk where too many would have to be in memory at once. */
  private RowRuns runs(
      List<UnitPlan> sorted, UnitReader with, KeyRange range, int ahead, ExecutorService executor)
      throws InterruptedException {
    long budget = memory / BUDGET_PART;
    UnitQueue units = new UnitQueue(sorted, with, range, executor, ahead, budget);
    if (mostAtOnce(sorted) <= budget) {
      return units;
    }
    try (units) {
      return SpilledRuns.write(units, sorted.size(), with.fields(), directory, budget);
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  /** Bytes of the units that are in memory at once because their keys overlap. */
  private static long mostAtOnce(List<UnitPlan> sorted) {
    PriorityQueue<UnitPlan> open = new PriorityQueue<>(Comparator.comparing(UnitPlan::max));
    long bytes = 0;
    long most = 0;
    for (UnitPlan unit : sorted) {
      while (!open.isEmpty() && open.element().max().compareTo(unit.min()) < 0) {
        bytes -= open.remove().bytes();
      }
      open.add(unit);
      bytes += unit.bytes();
      most = Math.max(most, bytes);
    }
    return most;
  }

  /** Rows of these partitions that no delete took away, also those that newer ones hide. */
  public long countRows(List<String> partitions) throws InterruptedException {
    long rows = 0;
    // Of its own, for whoever asks may sit on the last thread of another.
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      for (String partition : partitions) {
        try (VisibleRows keys = rows(keyReader, partition, KeyRange.ALL, 1, executor)) {
          while (keys.next() != null) {
            // Only counted.
          }
          rows += keys.physical();
        }
      }
    } finally {
      executor.shutdownNow();
    }
    return rows;
  }

  /**
   * Some keys of a segment.
   *
   * @param most at most so many
   */
  public List<Key> keys(long segment, int most) {
    List<Key> found = new ArrayList<>();
    for (UnitPlan unit : plans) {
      if (unit.unit().segment() == segment && found.size() < most) {
        Keys keys = keyReader.load(unit, KeyRange.ALL).orElseThrow().keys();
        for (int row = 0; row < keys.size() && found.size() < most; row++) {
          found.add(keys.key(row));
        }
      }
    }
    return found;
  }

  /**
   * Some keys of a segment that no delete took away, in files as they are by now.
   *
   * @param most at most so many
   */
  public List<Key> keptKeys(long segment, int most) {
    List<UnitPlan> units = plans.stream().filter(plan -> plan.unit().segment() == segment).toList();
    List<Key> found = new ArrayList<>();
    SegmentFiles now = SegmentFiles.list(store, name, collectionId);
    for (UnitPlan unit : units) {
      UnitRows rows = keyReader.load(unit, KeyRange.ALL).orElseThrow();
      DeleteCollector collector =
          new DeleteCollector(key, Long.MAX_VALUE, directory, DeleteCollector.MOST);
      now.deletes(unit.unit().partition()).forEach(log -> collect(collector, log));
      try (Deletes deletes = collector.done()) {
        for (int row = 0; row < rows.rows() && found.size() < most; row++) {
          if (deletes.newest(rows.keys(), row) <= rows.timestamp(row)) {
            found.add(rows.keys().key(row));
          }
        }
      } catch (IOException e) {
        throw LocalFailure.of(e, directory);
      }
    }
    return found;
  }

  /** Whether files hold deletes by now that are younger than the snapshot. */
  public boolean deletedSince() {
    SegmentFiles now = SegmentFiles.list(store, name, collectionId);
    DeleteCollector newer =
        new DeleteCollector(key, snapshot.timestamp(), directory, DeleteCollector.MOST);
    try {
      now.deletes().forEach(log -> collect(newer, log));
      return newer.hasYounger();
    } finally {
      newer.abandon();
    }
  }

  private Deletes deletes(List<Long> partitions) {
    DeleteCollector collector =
        new DeleteCollector(key, snapshot.timestamp(), directory, DeleteCollector.MOST);
    try {
      partitions.stream()
          .flatMap(id -> files.deletes(id).stream())
          .distinct()
          .forEach(log -> collect(collector, log));
    } catch (FerryException e) {
      collector.abandon();
      throw e;
    }
    return collector.done();
  }

  private void collect(DeleteCollector collector, StoredObject log) {
    try {
      collector.add(binlogs.deletes(log));
    } catch (IOException e) {
      throw binlogs.damaged(log, String.valueOf(e.getMessage()), e);
    }
  }

  private List<UnitPlan> look(ExecutorService executor) throws InterruptedException {
    boolean none =
        snapshot.segments().stream().noneMatch(one -> files.segments().contains(one.id()));
    List<Future<UnitReader.Look>> looks = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (SegmentSnapshot.PlannedSegment segment : snapshot.segments()) {
      List<SegmentUnit> units = files.units(segment.id(), segment.isTold());
      if (units.isEmpty() && segment.isTold()) {
        throw files.absent(segment, none);
      }
      units.forEach(unit -> looks.add(executor.submit(() -> reader.look(unit))));
      counts.add(units.size());
    }
    List<UnitPlan> found = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < counts.size(); i++) {
      long rows = 0;
      for (int unit = 0; unit < counts.get(i); unit++) {
        UnitReader.Look look = await(looks.get(at++));
        rows += look.rows();
        look.plan().ifPresent(found::add);
      }
      requireRows(snapshot.segments().get(i), rows);
    }
    return List.copyOf(found);
  }

  private void requireRows(SegmentSnapshot.PlannedSegment segment, long rows) {
    if (segment.isTold() && rows != segment.rows()) {
      throw new FerryException(
          ErrorCode.SEGMENT_ROWS_DIFFER,
          "segment %d of %s has %d rows in files, but the server says %d"
              .formatted(segment.id(), name, rows, segment.rows()),
          "The storage has lost files, or holds others; read by queries, with --reader api.",
          null);
    }
  }

  private static <T> T await(Future<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FerryException known) {
        throw known;
      }
      throw new IllegalStateException("looking at a unit failed", e);
    }
  }
}
