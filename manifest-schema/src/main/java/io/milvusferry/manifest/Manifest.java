package io.milvusferry.manifest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The complete list of what belongs to an archive, and how to check it.
 *
 * @param formatVersion {@link FormatVersion#CURRENT} when written by this build
 * @param requires what a reader must understand to load this archive; {@link #STRUCT_ARRAYS} is
 *     among it wherever a collection has any
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

  /** What an archive requires that has an array of structs. */
  public static final String STRUCT_ARRAYS = "struct-arrays";

  public Manifest {
    databases = List.copyOf(databases);
    collections = List.copyOf(collections);
    requires = withNeeded(requires, collections);
    if (!creationId.matches("[a-z0-9]{8,64}")) {
      throw new IllegalArgumentException("not a creation id: " + creationId);
    }
  }

  private static List<String> withNeeded(List<String> requires, List<CollectionEntry> collections) {
    boolean structs =
        collections.stream()
            .flatMap(entry -> entry.description().schema().fields().stream())
            .anyMatch(field -> field.type() == FieldType.STRUCT_ARRAY);
    List<String> all = new ArrayList<>(requires);
    if (structs && !all.contains(STRUCT_ARRAYS)) {
      all.add(STRUCT_ARRAYS);
    }
    return List.copyOf(all);
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
