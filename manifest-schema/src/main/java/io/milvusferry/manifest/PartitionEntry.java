package io.milvusferry.manifest;

import io.milvusferry.digest.Fingerprint;

/**
 * One partition of a collection; a collection with a partition key has a single entry, number 0.
 *
 * @param number the partition's folder is {@code p} and this number
 * @param name the source's name; {@code ""} for all rows of a partition-key collection
 */
public record PartitionEntry(int number, String name, Fingerprint fingerprint) {
  public PartitionEntry {
    if (number < 0 || number > 9999) {
      throw new IllegalArgumentException("partition number out of range: " + number);
    }
  }
}
