package io.milvusferry.connector;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a server says of the segments whose files hold a collection: the word that files are checked
 * against. All methods throw {@code COLLECTION_NOT_FOUND} when the collection is gone.
 */
public interface SegmentLedger {
  /**
   * A flush that has become durable.
   *
   * @param timestamp hybrid timestamp up to which every insert and delete lies in files
   * @param sealed segments that took rows until this flush
   */
  record Flushed(long timestamp, Set<Long> sealed) {}

  /** Ids of all partitions, of those too that a partition key made, by name. */
  Map<String, Long> partitionIds();

  /**
   * Segments whose rows lie in files, without those of failed imports and those that take rows;
   * sorted by id.
   */
  List<SegmentState> segments();

  /** Segments of all imports that the server remembers, also of those that failed or go on. */
  Set<Long> imported();

  /**
   * Whether the server tells up to what moment deletes lie in files; where it does not, files may
   * lack deletes of the last minutes.
   */
  boolean showsDeletes();

  /**
   * Flushes the collection, and waits until all that was written before lies in files, inserts and
   * deletes. Needs {@link #showsDeletes}.
   */
  Flushed flush(Duration deadline);

  /**
   * Segments that answer queries at this moment; empty where the collection is not loaded. One that
   * was flushed or made by a compaction just now may not be among them yet.
   */
  Optional<Set<Long>> queried();
}
