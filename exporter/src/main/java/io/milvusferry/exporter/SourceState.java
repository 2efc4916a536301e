package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What shows whether a collection stood still between two moments. Equal counts alone prove
 * nothing: an upsert, or a delete and an insert, leaves them equal; the persistent segments after a
 * flush do not stay equal then.
 *
 * @param timestamp the source's hybrid timestamp, 0 where it gives none
 * @param count rows by {@code count(*)}, -1 where the source cannot count
 * @param segments digest of the persistent segments with ids, rows and states; empty where the
 *     source lists none
 */
record SourceState(CollectionIdentity identity, long timestamp, long count, String segments) {
  /** In place of the segments where no row is read. */
  private static final String NO_ROWS = "none";

  private static final Duration FLUSH_DEADLINE = Duration.ofMinutes(5);

  /**
   * Flushes the collection and looks at it. Needs a loaded collection, unless no row is to be read.
   */
  static SourceState of(CollectionSource source) {
    CollectionIdentity identity = source.identity();
    if (source.excerpt().schemaOnly()) {
      return new SourceState(identity, source.timestamp().orElse(0L), 0, NO_ROWS);
    }
    source.flush(FLUSH_DEADLINE);
    return of(source, identity, source.segments().map(SourceState::digest).orElse(""));
  }

  /**
   * Looks at the collection without a flush, for whom it need not stand still: a server that is
   * written to was seen to lose deletes when it is flushed often. Needs a loaded collection.
   */
  static SourceState unflushed(CollectionSource source) {
    return of(source, source.identity(), "");
  }

  private static SourceState of(
      CollectionSource source, CollectionIdentity identity, String segments) {
    // After the segments: what is read as of this moment holds all that they show. The server makes
    // the count wait for it, and then whoever reads as of the same moment waits no more.
    long timestamp = source.timestamp().orElse(0L);
    CollectionSource counted = timestamp == 0 ? source : source.seeing(timestamp);
    return new SourceState(identity, timestamp, counted.count().orElse(-1L), segments);
  }

  /** The timestamp, where the source gave one. */
  Optional<Long> moment() {
    return timestamp == 0 ? Optional.empty() : Optional.of(timestamp);
  }

  /**
   * Why the collection cannot be called quiet between {@code this} and {@code later}; empty if it
   * can.
   */
  List<String> changesUntil(SourceState later) {
    List<String> reasons = new ArrayList<>();
    if (segments.isEmpty() || later.segments.isEmpty()) {
      reasons.add("the source does not list its segments, so nothing shows that it stood still");
    } else if (!segments.equals(later.segments)) {
      reasons.add("segments changed while rows were read, by writes or by a compaction");
    }
    if (count != later.count) {
      reasons.add(
          "count(*) was %d before and %d after rows were read".formatted(count, later.count));
    }
    return reasons;
  }

  private static String digest(List<SegmentState> segments) {
    String text =
        segments.stream()
            .sorted(Comparator.comparingLong(SegmentState::id))
            .map(SegmentState::toString)
            .collect(Collectors.joining("\n"));
    return Digest.ofContent(text.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
