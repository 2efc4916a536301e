package io.milvusferry.manifest;

import io.milvusferry.digest.Fingerprint;
import java.util.List;

/**
 * One collection of an archive.
 *
 * @param number running number from 1, unique in the archive
 * @param directory folder below {@code data/}: four digits, a hyphen and a slug
 * @param excerpt which part of the collection the archive holds
 * @param countedRows what the source's {@code count(*)} said after the rows were read
 * @param duplicateKeys keys that the source returned more than once, as text
 */
public record CollectionEntry(
    int number,
    String directory,
    CollectionDescription description,
    Excerpt excerpt,
    Consistency consistency,
    List<PartitionEntry> partitions,
    long countedRows,
    List<String> duplicateKeys,
    Fingerprint fingerprint,
    List<PartEntry> parts) {
  /** An entry that holds the whole collection. */
  public CollectionEntry(
      int number,
      String directory,
      CollectionDescription description,
      Consistency consistency,
      List<PartitionEntry> partitions,
      long countedRows,
      List<String> duplicateKeys,
      Fingerprint fingerprint,
      List<PartEntry> parts) {
    this(
        number,
        directory,
        description,
        Excerpt.ALL,
        consistency,
        partitions,
        countedRows,
        duplicateKeys,
        fingerprint,
        parts);
  }

  public CollectionEntry {
    ArchiveLayout.requireInside(directory);
    partitions = List.copyOf(partitions);
    duplicateKeys = List.copyOf(duplicateKeys);
    parts = List.copyOf(parts);
    long inParts = parts.stream().mapToLong(PartEntry::rows).sum();
    if (inParts != fingerprint.rows()) {
      throw new IllegalArgumentException(
          "collection %s has %d rows in parts but a fingerprint of %d"
              .formatted(description.name(), inParts, fingerprint.rows()));
    }
  }

  public CollectionName name() {
    return description.name();
  }

  /** Rows in the archive. */
  public long rows() {
    return fingerprint.rows();
  }
}
