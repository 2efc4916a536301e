package io.milvusferry.verify;

import io.milvusferry.manifest.CollectionName;

/**
 * A difference between two descriptions of a collection.
 *
 * @param collection the name on the expected side
 * @param path what differs, such as {@code schema.fields.title.typeParams.max_length}
 */
public record DescriptionFinding(
    Kind kind, CollectionName collection, String path, String expected, String actual)
    implements Finding {
  /** Which part of a description differs. */
  public enum Kind {
    SCHEMA,
    INDEXES,
    PARTITIONS,
    ALIASES,
    PROPERTIES,
    /** Description text, shards, consistency level, load state, replicas, resource groups. */
    SETTINGS
  }

  @Override
  public String message() {
    return "%s: %s differs: expected %s, found %s"
        .formatted(collection, path, shown(expected), shown(actual));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "nothing" : "'" + value + "'";
  }
}
