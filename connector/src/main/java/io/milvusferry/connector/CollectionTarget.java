package io.milvusferry.connector;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A collection on a server that is written to. */
public interface CollectionTarget {
  boolean exists();

  /**
   * Creates the collection with schema, shards, consistency level, properties and, for a partition
   * key, its partition count. Partitions, indexes, aliases and load state come by the other
   * methods.
   *
   * @throws io.milvusferry.error.FerryException {@code TYPE_UNKNOWN} or {@code SERVER_INCAPABLE}
   *     where the server cannot hold it; nothing is left behind then
   */
  void create(CollectionDescription description, Map<String, String> properties);

  void createPartition(String partition);

  void drop();

  /**
   * Gives the collection another name in its database; its aliases and its id stay, and so does its
   * load state, but milvus-lite 3.2.2 releases what it renames. Whether a call took effect whose
   * answer never came is seen by the ids.
   *
   * @throws io.milvusferry.error.FerryException {@code SERVER_REFUSED} where something has that
   *     name, {@code SERVER_INCAPABLE} where the server renames nothing
   */
  void rename(String to);

  /** Sets collection properties, such as a TTL. */
  void alterProperties(Map<String, String> properties);

  /**
   * Inserts rows, in as many requests as their size needs. The batch carries all row fields; with
   * an autoID key, all but the key.
   *
   * @param partition {@code ""} lets the server choose by partition key
   * @throws io.milvusferry.error.FerryException retryable when the outcome is unknown; look rows up
   *     by key then
   */
  void insert(String partition, RecordBatch batch);

  /** Inserts rows or replaces those with the same key. */
  void upsert(String partition, RecordBatch batch);

  void delete(String partition, List<Key> keys);

  /**
   * Submits one Parquet file for bulk import and returns the id of the task. A failure may mean
   * that the server took it all the same: look in {@link MilvusServer#importTasks} before
   * submitting again.
   *
   * @param file path as the server sees it
   */
  long submitImport(String partition, String file);

  /** What became of a bulk import. */
  ImportTask importTask(long id);

  void createIndex(IndexSpec index);

  /** Waits until the index covers all rows. */
  void awaitIndex(IndexSpec index, Duration deadline);
}
