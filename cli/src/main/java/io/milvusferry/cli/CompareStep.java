package io.milvusferry.cli;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.verify.Comparison;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.ComparisonSettings;
import io.milvusferry.verify.DescriptionComparison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the collections of two sides that have the same name.
 *
 * @param rest takes the findings beyond those that are listed
 */
record CompareStep(
    NameFilter selection, ComparisonSettings settings, FindingsFile rest, ProgressSink progress) {

  /**
   * Compares every selected collection of either side.
   *
   * @throws FerryException {@link ErrorCode#NOTHING_SELECTED} if neither side has one
   */
  CompareReport run(CompareSide left, CompareSide right) {
    List<CollectionName> expected = selected(left);
    List<CollectionName> actual = selected(right);
    if (expected.isEmpty() && actual.isEmpty()) {
      throw new FerryException(
          ErrorCode.NOTHING_SELECTED,
          "neither side has a collection to compare",
          "Check --only and --skip; ferry inspect lists what an archive holds.",
          null);
    }
    List<CollectionComparison> compared = new ArrayList<>();
    for (CollectionName name : expected) {
      if (actual.contains(name)) {
        compared.add(compare(name, left, right));
      }
    }
    rest.close();
    return new CompareReport(
        compared, without(expected, actual), without(actual, expected), rest.path(), rest.count());
  }

  private CollectionComparison compare(CollectionName name, CompareSide one, CompareSide other) {
    CompareSide left = narrowed(name, one, other.excerpt(name));
    CompareSide right = narrowed(name, other, one.excerpt(name));
    CollectionDescription expected = left.describe(name);
    CollectionDescription actual = right.describe(name);
    DescriptionComparison description =
        DescriptionComparison.of(expected, actual, announced(expected, name, left, right));
    try {
      ComparisonResult rows =
          new Comparison(name, settings, progress, rest::add)
              .compare(left.rows(name), right.rows(name));
      return new CollectionComparison(name, name, description, Optional.of(rows), "");
    } catch (FerryException e) {
      if (!isOfTheCollection(e.code())) {
        throw e;
      }
      return new CollectionComparison(
          name, name, description, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** A side that holds a whole collection, with what the other one holds of it. */
  private CompareSide narrowed(CollectionName name, CompareSide side, Excerpt part) {
    if (part.isAll()) {
      return side;
    }
    progress.notice("%s: an excerpt is compared: %s".formatted(name, part));
    return side.only(part);
  }

  /** Whether a failure keeps this collection from being compared, but not the others. */
  private static boolean isOfTheCollection(ErrorCode code) {
    return code == ErrorCode.ROWS_DIFFER
        || code == ErrorCode.COLLECTION_NOT_LOADED
        || code == ErrorCode.COLLECTION_NOT_INDEXED
        || code == ErrorCode.FILTER_INVALID;
  }

  /**
   * What may differ between two good copies: where and how they are served, whether the server
   * makes keys from now on, and what was declared when they were made. It is said all the same.
   */
  private static Set<String> announced(
      CollectionDescription description, CollectionName name, CompareSide left, CompareSide right) {
    String key = description.schema().primaryKey().name();
    Set<String> announced = new HashSet<>();
    announced.addAll(Set.of("aliases", "settings", "schema.fields.%s.autoId".formatted(key)));
    left.declared(name).forEach(deviation -> announced.add(deviation.path()));
    right.declared(name).forEach(deviation -> announced.add(deviation.path()));
    return announced;
  }

  private List<CollectionName> selected(CompareSide side) {
    return side.collections().stream().filter(selection::selects).toList();
  }

  private static List<CollectionName> without(
      List<CollectionName> names, List<CollectionName> others) {
    Set<CollectionName> known = new HashSet<>(others);
    return names.stream().filter(name -> !known.contains(name)).toList();
  }
}
