package io.milvusferry.verify;

import io.milvusferry.manifest.CollectionName;
import java.util.List;

/**
 * Rows that differ between two sides of a collection.
 *
 * @param partition name of the partition; {@code ""} for a collection with a partition key
 * @param key primary key as text; empty where rows are compared without their keys
 * @param fields names of the fields that differ, for {@link Kind#CHANGED}
 * @param expected the value of the first of these fields on the expected side, shortened
 * @param actual the same on the actual side
 */
public record RowFinding(
    Kind kind,
    CollectionName collection,
    String partition,
    String key,
    List<String> fields,
    String expected,
    String actual)
    implements Finding {
  /** How rows differ. */
  public enum Kind {
    /** Only the expected side has the row. */
    MISSING,
    /** Only the actual side has the row. */
    EXTRA,
    /** Both sides have a row with that key, but another one. */
    CHANGED,
    /** The rows differ; without keys nobody can say which. */
    CONTENT
  }

  public RowFinding {
    fields = List.copyOf(fields);
  }

  @Override
  public String message() {
    String place = partition.isEmpty() ? "" : " of partition '%s'".formatted(partition);
    return switch (kind) {
      case MISSING -> "%s: row %s%s is missing".formatted(collection, key, place);
      case EXTRA -> "%s: row %s%s should not be there".formatted(collection, key, place);
      case CHANGED ->
          "%s: row %s%s differs in %s: expected %s, found %s"
              .formatted(collection, key, place, String.join(", ", fields), expected, actual);
      case CONTENT ->
          "%s: rows%s differ: expected %s, found %s".formatted(collection, place, expected, actual);
    };
  }
}
