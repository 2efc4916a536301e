package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.exporter.segment.SegmentReading;
import io.milvusferry.exporter.segment.SegmentSnapshot;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.Slice;
import io.milvusferry.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a collection from its segment files, as of one moment. It need not be loaded; where it is,
 * what the files show is compared with {@code count(*)}.
 */
final class StorageReader implements CollectionReader {
  private static final Duration FLUSH_DEADLINE = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long PAUSE_MILLIS = 1000;

  /** Rows of a segment that are looked up. */
  private static final int SAMPLE = 100;

  private final CollectionSource source;
  private final CollectionDescription description;
  private final SegmentLedger ledger;
  private final ObjectStore store;
  private final SegmentSnapshot snapshot;
  private final Path directory;
  private final ExecutorService executor;
  private final ProgressSink progress;
  private @Nullable SegmentReading reading;
  private @Nullable SegmentFeed wholeFeed;

  /**
   * @param directory takes files for the time of reading, if there are many deletes
   * @param executor lists and reads files
   */
  StorageReader(
      CollectionSource source,
      CollectionDescription description,
      SegmentLedger ledger,
      ObjectStore store,
      SegmentSnapshot snapshot,
      Path directory,
      ExecutorService executor,
      ProgressSink progress) {
    this.source = source;
    this.description = description;
    this.ledger = ledger;
    this.store = store;
    this.snapshot = snapshot;
    this.directory = directory;
    this.executor = executor;
    this.progress = progress;
  }

  @Override
  public SourceState look() {
    String segments =
        snapshot.segments().stream()
            .map(SegmentSnapshot.PlannedSegment::toString)
            .collect(Collectors.joining("\n"));
    return new SourceState(
        source.identity(),
        snapshot.timestamp(),
        snapshot.rows(),
        Digest.ofContent(segments.getBytes(StandardCharsets.UTF_8)).hex());
  }

  @Override
  public long estimatedBytes() throws InterruptedException {
    return reading().estimatedBytes();
  }

  private SegmentReading reading() throws InterruptedException {
    SegmentReading open = reading;
    if (open == null) {
      open =
          SegmentReading.open(
              source, ledger, store, snapshot, description.properties(), directory, executor);
      reading = open;
    }
    return open;
  }

  @Override
  public RowFeed feed(
      SourceState before,
      UnaryOperator<List<Slice>> left,
      int readers,
      ExecutorService pool,
      Runnable afterSlice)
      throws InterruptedException {
    List<Slice> all = slices();
    List<Slice> unread = left.apply(all);
    SegmentFeed rows = new SegmentFeed(reading(), unread, readers, pool, afterSlice);
    wholeFeed = unread.equals(all) ? rows : null;
    return rows;
  }

  private List<Slice> slices() {
    return source.partitions().stream().map(name -> new Slice(name, KeyRange.ALL)).toList();
  }

  /** The state as of the snapshot; its count is what the files show. */
  @Override
  public SourceState lookAgain() {
    SourceState then = look();
    try {
      long physical = physical();
      requireAgreement(physical);
      return new SourceState(then.identity(), then.timestamp(), physical, then.segments());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "looking at %s was stopped".formatted(description.name()),
          "Run the same command again; it resumes.",
          e);
    }
  }

  /** Rows that no delete took away; counted anew where an earlier run has read some of them. */
  private long physical() throws InterruptedException {
    SegmentFeed whole = wholeFeed;
    return whole != null ? whole.physical() : reading().countRows(source.partitions());
  }

  private void requireAgreement(long physical) throws InterruptedException {
    if (source.loadState() != LoadState.LOADED) {
      progress.notice(
          "%s: not loaded, so count(*) could not be compared with the %d rows in files"
              .formatted(description.name(), physical));
      return;
    }
    Optional<Long> counted = source.count();
    if (counted.isEmpty() || counted.get() == physical) {
      return;
    }
    ledger.flush(FLUSH_DEADLINE);
    Optional<Long> again = source.count();
    if (again.equals(counted) && isQuiet()) {
      throw new FerryException(
          ErrorCode.SNAPSHOT_DISAGREES,
          "segment files of %s show %d rows, but count(*) says %d although nothing was written"
              .formatted(description.name(), physical, counted.get()),
          "Files of a failed import may be among them; read by queries into another directory,"
              + " with --reader api.",
          null);
    }
    requireQueried();
  }

  /** Whether neither an insert nor a delete nor a compaction has come since the snapshot. */
  private boolean isQuiet() throws InterruptedException {
    List<SegmentSnapshot.PlannedSegment> now =
        ledger.segments().stream()
            .filter(segment -> segment.rows() > 0)
            .map(StorageReader::planned)
            .toList();
    return now.equals(snapshot.segments()) && !reading().deletedSince();
  }

  private static SegmentSnapshot.PlannedSegment planned(SegmentState segment) {
    return new SegmentSnapshot.PlannedSegment(segment.id(), segment.partitionId(), segment.rows());
  }

  /**
   * While others write, counts tell nothing. But of every segment that the server still lists, the
   * rows must come to queries, whichever segment they are in by now.
   */
  private void requireQueried() throws InterruptedException {
    Set<Long> unseen = unqueried();
    long began = System.nanoTime();
    for (Set<Long> ghosts = unanswered(unseen); !ghosts.isEmpty(); ghosts = unanswered(ghosts)) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new FerryException(
            ErrorCode.SNAPSHOT_DISAGREES,
            "segments %s of %s are flushed, but none of their rows come to queries"
                .formatted(ghosts, description.name()),
            "A failed import may have left them; read by queries into another directory, with"
                + " --reader api.",
            null);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private Set<Long> unqueried() {
    Set<Long> queried = ledger.queried().orElse(Set.of());
    Set<Long> listed = ledger.segments().stream().map(SegmentState::id).collect(Collectors.toSet());
    return snapshot.segments().stream()
        .map(SegmentSnapshot.PlannedSegment::id)
        .filter(segment -> listed.contains(segment) && !queried.contains(segment))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of the segments of which no row is found, deleted ones aside. */
  private Set<Long> unanswered(Set<Long> segments) throws InterruptedException {
    Set<Long> ghosts = new TreeSet<>();
    for (Long segment : segments) {
      // To know which rows are deleted takes long, and most segments have some that are not.
      if (isUnanswered(reading().keys(segment, SAMPLE))
          && isUnanswered(reading().keptKeys(segment, SAMPLE))) {
        ghosts.add(segment);
      }
    }
    return ghosts;
  }

  private boolean isUnanswered(List<Key> keys) {
    return !keys.isEmpty() && source.rows("", keys).isEmpty();
  }

  @Override
  public Verdict verdict(SourceState before, SourceState after, long rows, List<String> ttl) {
    if (rows > after.count()) {
      throw new IllegalStateException(
          "%d rows of %s were read where files show %d"
              .formatted(rows, description.name(), after.count()));
    }
    List<String> findings =
        rows == after.count()
            ? List.of()
            : List.of(
                "%s: of %d rows, %d have the key of a newer one, and were left out"
                    .formatted(description.name(), after.count(), after.count() - rows));
    return new Verdict(
        new Consistency(ConsistencyMode.SNAPSHOT, before.timestamp(), List.of()),
        after.count(),
        findings);
  }
}
