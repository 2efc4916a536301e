package io.milvusferry.exporter.segment;

import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Finds segments that show several collections as of one moment.
 *
 * <p>Each collection's segments are listed, the moment is taken, the collection is flushed until
 * its files hold every insert and delete of that moment, and the segments are listed again. A
 * compaction in between may have applied deletes that are younger than the moment. Then a segment
 * is gone, or one has come that no flush sealed, and all begins again with a later moment.
 * Compactions after the second list do no harm: the files of segments that they replace stay for
 * hours.
 */
public final class SnapshotPlanner {
  private static final Duration FLUSH_DEADLINE = Duration.ofMinutes(10);
  private static final int ATTEMPTS = 10;
  private static final Duration PAUSE = Duration.ofMillis(500);

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
   * Snapshots of all collections, of one moment.
   *
   * @throws FerryException {@link ErrorCode#SOURCE_RESTLESS} when compactions leave no time, and
   *     what servers and storages throw
   */
  public SortedMap<CollectionName, SegmentSnapshot> plan(List<Wanted> collections)
      throws InterruptedException {
    String reason = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Attempt one = attempt(collections);
      if (one.restless().isEmpty()) {
        return one.snapshots();
      }
      reason = one.restless();
      Thread.sleep(PAUSE.multipliedBy(attempt).toMillis());
    }
    throw new FerryException(
        ErrorCode.SOURCE_RESTLESS,
        "no moment was found in %d attempts without a compaction: %s".formatted(ATTEMPTS, reason),
        "Run the same command again when the server is less busy, or read by queries, with"
            + " --reader api.",
        null);
  }

  /**
   * @param restless why it failed; empty if it did not
   */
  private record Attempt(SortedMap<CollectionName, SegmentSnapshot> snapshots, String restless) {}

  private Attempt attempt(List<Wanted> collections) throws InterruptedException {
    List<Set<Long>> before = new ArrayList<>();
    for (Wanted wanted : collections) {
      before.add(ids(wanted.ledger().segments()));
    }
    long moment = clock.getAsLong();
    List<Future<Listing>> listings =
        collections.stream().map(wanted -> executor.submit(() -> list(wanted))).toList();
    SortedMap<CollectionName, SegmentSnapshot> snapshots = new TreeMap<>();
    String restless = "";
    for (int i = 0; i < collections.size(); i++) {
      Wanted wanted = collections.get(i);
      Listing listing = await(listings.get(i));
      String change = change(before.get(i), listing);
      restless = change.isEmpty() ? restless : "%s: %s".formatted(wanted.name(), change);
      snapshots.put(
          wanted.name(),
          new SegmentSnapshot(
              moment,
              listing.segments().stream()
                  .filter(segment -> segment.rows() > 0)
                  .map(
                      segment ->
                          new SegmentSnapshot.PlannedSegment(
                              segment.id(), segment.partitionId(), segment.rows()))
                  .toList()));
    }
    return new Attempt(snapshots, restless);
  }

  /**
   * @param sealed by the flushes before these were listed
   * @param onDisk segments that have files
   */
  private record Listing(List<SegmentState> segments, Set<Long> sealed, Set<Long> onDisk) {}

  private Listing list(Wanted wanted) {
    SegmentLedger ledger = wanted.ledger();
    Set<Long> sealed = new HashSet<>(ledger.flush(FLUSH_DEADLINE).sealed());
    Set<Long> onDisk = onDisk(wanted);
    List<SegmentState> segments = ledger.segments();
    if (!ids(segments).containsAll(onDisk)) {
      // A write on its way at that moment may have gone to a segment that was made after the flush.
      // By now its rows lie in files, but the segment is not listed before it is sealed.
      sealed.addAll(ledger.flush(FLUSH_DEADLINE).sealed());
      onDisk = onDisk(wanted);
      segments = ledger.segments();
    }
    requireStorageKnown(wanted, segments);
    return new Listing(segments, sealed, onDisk);
  }

  private Set<Long> onDisk(Wanted wanted) {
    return SegmentFiles.list(store, wanted.name().toString(), wanted.id()).segments();
  }

  /** What a compaction or an import did while segments were listed; empty if nothing. */
  private static String change(Set<Long> before, Listing listing) {
    Set<Long> now = ids(listing.segments());
    for (Long segment : before) {
      if (!now.contains(segment) && listing.onDisk().contains(segment)) {
        return "segment %d is gone".formatted(segment);
      }
    }
    for (Long segment : now) {
      if (!before.contains(segment) && !listing.sealed().contains(segment)) {
        return "segment %d has come".formatted(segment);
      }
    }
    for (Long segment : listing.sealed()) {
      if (!now.contains(segment) && listing.onDisk().contains(segment)) {
        return "segment %d is gone".formatted(segment);
      }
    }
    return "";
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

  private static Set<Long> ids(List<SegmentState> segments) {
    Set<Long> ids = new HashSet<>();
    segments.forEach(segment -> ids.add(segment.id()));
    return ids;
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
