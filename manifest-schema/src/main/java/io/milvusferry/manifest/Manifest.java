package io.milvusferry.manifest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The complete list of what belongs to an archive, and how to check it.
 *
 * @param formatVersion {@link FormatVersion#CURRENT} when written by this build
 * @param requires what a reader must understand to load this archive
 * @param createdAt fixed at the first start of an export; a resumed export keeps it
 * @param createdBy product, version and commit
 * @param creationId fixed at the first start of an export, lower-case letters and digits
 * @param consistency the weakest of the collections'
 */
public record Manifest(
    int formatVersion,
    List<String> requires,
    Instant createdAt,
    String createdBy,
    String creationId,
    SourceInfo source,
    Consistency consistency,
    List<DatabaseEntry> databases,
    List<CollectionEntry> collections) {
  /** The value of the key {@code format}. */
  public static final String FORMAT = "milvus-ferry-archive";

  public Manifest {
    requires = List.copyOf(requires);
    databases = List.copyOf(databases);
    collections = List.copyOf(collections);
    if (!creationId.matches("[a-z0-9]{8,64}")) {
      throw new IllegalArgumentException("not a creation id: " + creationId);
    }
  }

  public Optional<CollectionEntry> collection(CollectionName name) {
    return collections.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /** Rows of all collections. */
  public long rows() {
    return collections.stream().mapToLong(CollectionEntry::rows).sum();
  }

  /** Bytes of all parts. */
  public long bytes() {
    return collections.stream()
        .flatMap(entry -> entry.parts().stream())
        .mapToLong(PartEntry::bytes)
        .sum();
  }
}
