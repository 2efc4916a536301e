package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;

/**
 * The collection that is filled.
 *
 * @param entry what the archive holds
 * @param description what the target is to be
 * @param id the server's id, fixed when the import began
 */
record TargetCollection(
    CollectionEntry entry, CollectionDescription description, long id, CollectionLog log) {
  /** The same with another entry. */
  TargetCollection with(CollectionEntry other) {
    return new TargetCollection(other, description, id, log);
  }

  CollectionName name() {
    return description.name();
  }

  /** Where the rows of a part belong; {@code ""} where the server chooses by partition key. */
  String partitionName(PartEntry part) {
    return entry.partitions().stream()
        .filter(partition -> partition.number() == part.partition())
        .map(PartitionEntry::name)
        .findFirst()
        .orElseThrow(
            () ->
                new FerryException(
                    ErrorCode.MANIFEST_INVALID,
                    "%s lies in partition %d, which %s does not have"
                        .formatted(part.path(), part.partition(), entry.name()),
                    "Export again; this manifest contradicts itself.",
                    null));
  }

  /** Whether rows go without their key, and the server makes a new one. */
  boolean newKeys() {
    return description.schema().primaryKey().autoId();
  }
}
