package io.milvusferry.verify;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.RowDifference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the rows in which two sides of a partition differ, by going through both in key order. Rows
 * of one key are a multiset: what one side has once more than the other is missing or extra.
 */
final class RowMerge {
  private static final Comparator<PartitionRows.Row> BY_DIGEST =
      (a, b) -> Arrays.compareUnsigned(a.digest, b.digest);

  private final CollectionName collection;
  private final String partition;
  private final List<FieldSpec> fields;
  private final FindingCollector findings;

  RowMerge(
      CollectionName collection,
      String partition,
      List<FieldSpec> fields,
      FindingCollector findings) {
    this.collection = collection;
    this.partition = partition;
    this.fields = fields;
    this.findings = findings;
  }

  /** Goes through both sides to their ends. */
  void run(PartitionRows expected, PartitionRows actual) {
    List<PartitionRows.Row> left = expected.next();
    List<PartitionRows.Row> right = actual.next();
    while (!left.isEmpty() || !right.isEmpty()) {
      int order = order(left, right);
      pair(order <= 0 ? left : List.of(), order >= 0 ? right : List.of());
      left = order <= 0 ? expected.next() : left;
      right = order >= 0 ? actual.next() : right;
    }
  }

  private static int order(List<PartitionRows.Row> left, List<PartitionRows.Row> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? 1 : -1;
    }
    PartitionRows.Row one = left.get(0);
    PartitionRows.Row other = right.get(0);
    return one.batch.key(one.index).compareTo(other.batch.key(other.index));
  }

  /** Compares the rows of one key. */
  private void pair(List<PartitionRows.Row> expected, List<PartitionRows.Row> actual) {
    if (expected.size() == 1
        && actual.size() == 1
        && Arrays.equals(expected.get(0).digest, actual.get(0).digest)) {
      return;
    }
    List<PartitionRows.Row> left = new ArrayList<>();
    List<PartitionRows.Row> right = new ArrayList<>();
    dropEqual(expected, actual, left, right);
    int both = Math.min(left.size(), right.size());
    for (int i = 0; i < both; i++) {
      changed(left.get(i), right.get(i));
    }
    for (PartitionRows.Row row : left.subList(both, left.size())) {
      findings.missing(only(RowFinding.Kind.MISSING, row));
    }
    for (PartitionRows.Row row : right.subList(both, right.size())) {
      findings.extra(only(RowFinding.Kind.EXTRA, row));
    }
  }

  private static void dropEqual(
      List<PartitionRows.Row> expected,
      List<PartitionRows.Row> actual,
      List<PartitionRows.Row> left,
      List<PartitionRows.Row> right) {
    List<PartitionRows.Row> ones = expected.stream().sorted(BY_DIGEST).toList();
    List<PartitionRows.Row> others = actual.stream().sorted(BY_DIGEST).toList();
    int i = 0;
    int j = 0;
    while (i < ones.size() || j < others.size()) {
      int order =
          i == ones.size()
              ? 1
              : j == others.size() ? -1 : BY_DIGEST.compare(ones.get(i), others.get(j));
      if (order < 0) {
        left.add(ones.get(i));
      } else if (order > 0) {
        right.add(others.get(j));
      }
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
  }

  private void changed(PartitionRows.Row expected, PartitionRows.Row actual) {
    RowDifference difference =
        RowDifference.between(fields, expected.batch, expected.index, actual.batch, actual.index);
    findings.changed(
        new RowFinding(
            RowFinding.Kind.CHANGED,
            collection,
            partition,
            key(expected),
            difference.fields(),
            difference.expected(),
            difference.actual()));
  }

  private RowFinding only(RowFinding.Kind kind, PartitionRows.Row row) {
    boolean missing = kind == RowFinding.Kind.MISSING;
    return new RowFinding(
        kind,
        collection,
        partition,
        key(row),
        List.of(),
        missing ? "a row" : "",
        missing ? "" : "a row");
  }

  private static String key(PartitionRows.Row row) {
    return row.batch.key(row.index).text();
  }
}
