package io.milvusferry.exporter.segment;

import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.exporter.segment.SegmentSnapshot.PlannedSegment;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Finds segments that show several collections as of one moment.
 *
 * <p>Collections that stand still show it by the segments that are listed. Else each is flushed, so
 * that no segment takes rows any more that took some before; segments are listed; the moment is
 * taken; and each is flushed again, until its files hold every insert and delete of that moment.
 * What was listed, and whatever wrote files since before the first flush, then holds every row of
 * the moment: also where compactions replace segments meanwhile, for what they write are copies of
 * rows whose files stay for hours, and also where a write on its way went to a segment that is not
 * listed yet. Copies do no harm, since of each key one row counts.
 */
public final class SnapshotPlanner {
  private static final Duration FLUSH_DEADLINE = Duration.ofMinutes(10);
  private static final long UNTOLD = -1;

  /** The state of a segment whose number of rows does not change any more. */
  private static final String FLUSHED = "Flushed";

  private final ObjectStore store;
  private final LongSupplier clock;
  private final ExecutorService executor;

  /**
   * @param clock gives the server's hybrid timestamps
   * @param executor flushes several collections at once
   */
  public SnapshotPlanner(ObjectStore store, LongSupplier clock, ExecutorService executor) {
    this.store = store;
    this.clock = clock;
    this.executor = executor;
  }

  /** A collection to be read. */
  public record Wanted(CollectionName name, long id, SegmentLedger ledger) {}

  /**
   * What is known of a collection before the moment.
   *
   * @param onDisk segments that had files before the collection was flushed
   */
  private record Before(Wanted wanted, Set<Long> onDisk, List<SegmentState> listed) {
    boolean isStill(Set<Long> sealed, SegmentFiles files, List<SegmentState> now) {
      return sealed.isEmpty()
          && onDisk.equals(files.segments())
          && listed.equals(now)
          && listed.stream().allMatch(segment -> segment.state().equals(FLUSHED));
    }
  }

  /**
   * Snapshots of all collections, of one moment.
   *
   * @throws FerryException {@link ErrorCode#SEGMENT_FORM_UNKNOWN}, and what servers and storages
   *     throw
   */
  public SortedMap<CollectionName, SegmentSnapshot> plan(List<Wanted> collections)
      throws InterruptedException {
    List<Before> before = each(collections, this::look);
    long moment = clock.getAsLong();
    List<Optional<List<PlannedSegment>>> still = each(before, this::planStill);
    if (still.stream().allMatch(Optional::isPresent)) {
      return snapshots(moment, collections, still.stream().map(Optional::get).toList());
    }
    List<Before> sealed =
        each(before, one -> new Before(one.wanted(), one.onDisk(), list(one.wanted())));
    long later = clock.getAsLong();
    return snapshots(later, collections, each(sealed, this::planMoving));
  }

  private Before look(Wanted wanted) {
    Set<Long> onDisk = files(wanted).segments();
    List<SegmentState> listed = wanted.ledger().segments();
    requireStorageKnown(wanted, listed);
    return new Before(wanted, onDisk, listed);
  }

  /** The segments of a collection; empty if it did not stand still. Flushes it in any case. */
  private Optional<List<PlannedSegment>> planStill(Before before) {
    Wanted wanted = before.wanted();
    Set<Long> sealed = wanted.ledger().flush(FLUSH_DEADLINE).sealed();
    if (!before.isStill(sealed, files(wanted), wanted.ledger().segments())) {
      return Optional.empty();
    }
    return Optional.of(
        before.listed().stream()
            .filter(segment -> segment.rows() > 0)
            .map(SnapshotPlanner::planned)
            .toList());
  }

  private List<PlannedSegment> planMoving(Before before) {
    Wanted wanted = before.wanted();
    wanted.ledger().flush(FLUSH_DEADLINE);
    SegmentFiles files = files(wanted);
    Set<Long> written = new HashSet<>(files.segments());
    written.removeAll(before.onDisk());
    List<SegmentState> now = list(wanted);
    requireStorageKnown(wanted, now);
    written.removeAll(wanted.ledger().imported());
    SortedMap<Long, PlannedSegment> planned = new TreeMap<>();
    for (Long segment : written) {
      planned.put(segment, new PlannedSegment(segment, files.partition(segment), UNTOLD));
    }
    Set<Long> known = new HashSet<>(written);
    before.listed().forEach(segment -> known.add(segment.id()));
    // Those had their files before these were listed: where none are found, they are missing.
    Set<Long> lasting = flushed(before.listed());
    lasting.retainAll(flushed(now));
    for (SegmentState segment : concat(before.listed(), now)) {
      boolean told =
          segment.state().equals(FLUSHED)
              && (files.segments().contains(segment.id()) || lasting.contains(segment.id()));
      if (known.contains(segment.id()) && (told || !planned.containsKey(segment.id()))) {
        planned.put(
            segment.id(),
            new PlannedSegment(
                segment.id(), segment.partitionId(), told ? segment.rows() : UNTOLD));
      }
    }
    return List.copyOf(planned.values());
  }

  /**
   * Twice: a segment that is replaced while the server lists may be missing, with its successor.
   */
  private List<SegmentState> list(Wanted wanted) {
    SortedMap<Long, SegmentState> listed = new TreeMap<>();
    wanted.ledger().segments().forEach(segment -> listed.put(segment.id(), segment));
    wanted.ledger().segments().forEach(segment -> listed.put(segment.id(), segment));
    return List.copyOf(listed.values());
  }

  private static Set<Long> flushed(List<SegmentState> segments) {
    return segments.stream()
        .filter(segment -> segment.state().equals(FLUSHED))
        .map(SegmentState::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static PlannedSegment planned(SegmentState segment) {
    return new PlannedSegment(segment.id(), segment.partitionId(), segment.rows());
  }

  private static List<SegmentState> concat(List<SegmentState> first, List<SegmentState> second) {
    List<SegmentState> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static SortedMap<CollectionName, SegmentSnapshot> snapshots(
      long moment, List<Wanted> collections, List<List<PlannedSegment>> segments) {
    SortedMap<CollectionName, SegmentSnapshot> snapshots = new TreeMap<>();
    for (int i = 0; i < collections.size(); i++) {
      snapshots.put(collections.get(i).name(), new SegmentSnapshot(moment, segments.get(i)));
    }
    return snapshots;
  }

  private SegmentFiles files(Wanted wanted) {
    return SegmentFiles.list(store, wanted.name().toString(), wanted.id());
  }

  private static void requireStorageKnown(Wanted wanted, List<SegmentState> segments) {
    for (SegmentState segment : segments) {
      if (segment.storageVersion() > 1) {
        throw new FerryException(
            ErrorCode.SEGMENT_FORM_UNKNOWN,
            "segment %d of %s is of storage version %d, and this build reads version 1"
                .formatted(segment.id(), wanted.name(), segment.storageVersion()),
            "Read by queries, with --reader api.",
            null);
      }
    }
  }

  /** Does it for each, several at once. */
  private <A, B> List<B> each(List<A> inputs, Function<A, B> work) throws InterruptedException {
    List<Future<B>> started =
        inputs.stream().map(input -> executor.submit(() -> work.apply(input))).toList();
    List<B> results = new ArrayList<>();
    for (Future<B> one : started) {
      results.add(await(one));
    }
    return results;
  }

  private static <T> T await(Future<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FerryException known) {
        throw known;
      }
      throw new IllegalStateException("listing segments failed", e);
    }
  }
}
