package io.milvusferry.verify;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.PartitionEntry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fingerprints of a collection that need no reading of rows, because an archive states them.
 *
 * @param partitions fingerprint over all row fields, by name of the partition
 * @param buckets those of the whole collection, where stated
 */
public record KnownFingerprints(
    Map<String, Fingerprint> partitions, Optional<BucketFingerprints> buckets) {
  public KnownFingerprints {
    partitions = Map.copyOf(partitions);
  }

  /**
   * What an archive states about one of its collections.
   *
   * @throws io.milvusferry.error.FerryException {@code ARCHIVE_DAMAGED} when the bucket
   *     fingerprints are not those that were sealed
   */
  public static KnownFingerprints of(Archive archive, CollectionEntry entry) {
    Map<String, Fingerprint> partitions = new TreeMap<>();
    for (PartitionEntry partition : entry.partitions()) {
      partitions.put(partition.name(), partition.fingerprint());
    }
    return new KnownFingerprints(partitions, archive.buckets(entry));
  }
}
