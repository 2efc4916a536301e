package io.milvusferry.importer;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How well the target's index finds what it should, by sampled searches.
 *
 * @param field the indexed field
 * @param index type of the target's index
 * @param limit neighbours of each query
 * @param queries how many
 * @param exact whether the right neighbours are known by every row's distance; else they are what
 *     the source's index answered
 * @param source share of the right neighbours that the source's index answered, where it was asked
 * @param target share of them that the target's index answers
 */
public record SearchOverlap(
    String field,
    String index,
    int limit,
    int queries,
    boolean exact,
    OptionalDouble source,
    double target) {
  /** Whether the index looks at every vector, so that it must find all neighbours. */
  public boolean mustAgree() {
    return index.equals("FLAT") || index.equals("BIN_FLAT");
  }

  /** One line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%s by %s: overlap@%d %.3f at the target%s, %s, %d queries",
        field,
        index.isEmpty() ? "its index" : index,
        limit,
        target,
        source.isPresent()
            ? String.format(Locale.ROOT, ", %.3f at the source", source.getAsDouble())
            : "",
        exact ? "of exact neighbours" : "of the source's answers",
        queries);
  }
}
