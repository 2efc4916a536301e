package io.milvusferry.cli;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.verify.ComparisonResult;
import io.milvusferry.verify.DescriptionComparison;
import io.milvusferry.verify.DescriptionFinding;
import java.util.Optional;

/**
 * How one collection of the left side and its counterpart differ.
 *
 * @param description everything but the rows
 * @param rows empty where the fields are so different that rows cannot be compared
 * @param obstacle why they cannot be compared; empty if they were
 */
record CollectionComparison(
    CollectionName left,
    CollectionName right,
    DescriptionComparison description,
    Optional<ComparisonResult> rows,
    String obstacle) {
  boolean equal() {
    return description.equal() && rows.filter(ComparisonResult::equal).isPresent();
  }

  /** {@code equal} or {@code different}. */
  String verdict(DescriptionFinding.Kind kind) {
    return description.differs(kind) ? "different" : "equal";
  }
}
