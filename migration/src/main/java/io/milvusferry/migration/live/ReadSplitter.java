package io.milvusferry.migration.live;

import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.manifest.CollectionName;
import java.util.List;

/** What splits the reads of applications between source and target. */
interface ReadSplitter {
  /** Whether each collection has a weight of its own; else all have the same. */
  boolean splitsByCollection();

  /**
   * Sends that share of the reads to the target from now on, and counts reads anew.
   *
   * @param collections all there are, unless this splits by collection
   * @param percent 0 to 100
   */
  void weigh(List<CollectionName> collections, int percent);

  /** What became of reads since they were last weighed. */
  ReadCounts reads(CollectionName collection);
}
