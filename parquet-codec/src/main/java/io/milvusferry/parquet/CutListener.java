package io.milvusferry.parquet;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.Key;
import java.util.List;

/**
 * Hears of cuts in the rows of a partition. At a cut the open parts of both lanes end together, so
 * every row up to a key is in durable parts: an interrupted export goes on behind it.
 */
@FunctionalInterface
public interface CutListener {
  /**
   * Rows up to and including {@code upTo} are in durable parts.
   *
   * @param parts the parts that ended at this cut, one per lane that had rows, bulk first; their
   *     files bear their final names and are forced to disk
   * @param buckets fingerprints of the rows in {@code parts}
   */
  void cut(Key upTo, List<PartEntry> parts, BucketFingerprints buckets);
}
