package io.milvusferry.connector;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A collection on a server that is read from. All reads and counts are at Strong consistency, or at
 * that of {@link #seeing}.
 *
 * <p>Reading rows needs a loaded collection; all methods throw {@code COLLECTION_NOT_FOUND} when
 * the collection is gone.
 */
public interface CollectionSource extends RowSource {
  CollectionDescription describe();

  /** The aliases alone, sorted, for whom the rest of the description would cost calls. */
  List<String> aliases();

  /**
   * The server's answers to Describe calls as protobuf bytes, by name of the call, without
   * credentials.
   */
  Map<String, byte[]> rawDescriptions();

  /** What the server says now, not what was said before. */
  CollectionIdentity identity();

  LoadState loadState();

  /** Rows by {@code count(*)}; empty where the server cannot count. Needs a loaded collection. */
  Optional<Long> count();

  /** Rows of one partition by {@code count(*)}. */
  Optional<Long> count(String partition);

  /** Persistent segments that queries can see; empty where the server does not list them. */
  Optional<List<SegmentState>> segments();

  /**
   * What the server says of the segments whose files hold the rows; empty where it has no such
   * files.
   */
  Optional<SegmentLedger> ledger();

  /** A hybrid timestamp of now; empty where the server gives none. */
  Optional<Long> timestamp();

  /**
   * Seals growing segments and waits until their rows are persistent; segments of failed imports
   * are left out.
   */
  void flush(Duration deadline);

  /** Loads the collection and waits. */
  void load(int replicas, Duration deadline);

  /** Releases the collection. */
  void release();

  /**
   * Builds an index of the cheapest kind on each vector field that has none, so that the collection
   * can be loaded, and waits.
   *
   * @param prefix name of the index, followed by the field's where there are several
   */
  void createTemporaryIndexes(String prefix, Duration deadline);

  /** Drops every index whose name begins so. */
  void dropIndexes(String prefix);

  /**
   * About how many bytes the rows take in memory, from what the server has at hand; 0 if it has no
   * rows. Good enough to plan with, never to tell what was read. Needs a loaded collection.
   */
  long estimatedBytes();

  /**
   * For each row of a batch, keys of the rows nearest to its vector, nearest first, among what the
   * server has at hand; among all writes before the timestamp, where {@link #seeing} has told one.
   * Needs a loaded collection.
   *
   * @param index of a vector field, which {@code batch} carries; of what a function computes,
   *     {@code batch} carries the text that the function reads
   * @param limit keys at most
   */
  List<List<Key>> search(IndexSpec index, RecordBatch batch, int limit);

  /**
   * The rows that have these keys, all fields, in batches of any size and order. A key that nothing
   * has is in none of them.
   *
   * @param partition name of the partition; {@code ""} for all
   */
  List<RecordBatch> rows(String partition, List<Key> keys);

  /**
   * The same rows. Slices, scans and counts see every write that was acknowledged before {@code
   * timestamp}, instead of before each of them, so a server that waits until it has seen so much
   * waits once.
   */
  CollectionSource seeing(long timestamp);

  /**
   * The excerpt alone: of description, schema, partitions, slices, rows and counts. What the source
   * says of its identity, its segments and its load state is still of the whole collection.
   *
   * <p>{@code describe}, {@code schema} and {@code partitions} throw {@code FIELD_NOT_FOUND} or
   * {@code PARTITION_NOT_FOUND}, reads and counts {@code FILTER_INVALID}, where the collection does
   * not have what the excerpt names.
   */
  CollectionSource only(Excerpt excerpt);

  /** What {@link #only} was told; all at first. */
  Excerpt excerpt();

  /** The same rows, but at most so many bytes a second over all cursors. */
  CollectionSource throttled(io.milvusferry.progress.Throttle throttle);
}
