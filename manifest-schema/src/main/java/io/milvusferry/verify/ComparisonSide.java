package io.milvusferry.verify;

import io.milvusferry.record.RowSource;
import java.util.Optional;

/**
 * One of the two sides of a comparison.
 *
 * @param known what is known of its fingerprints without reading rows; empty for a server
 */
public record ComparisonSide(RowSource rows, Optional<KnownFingerprints> known) {
  /** A side whose rows are read, such as a server. */
  public static ComparisonSide of(RowSource rows) {
    return new ComparisonSide(rows, Optional.empty());
  }

  /** A side whose rows are read only where the other side differs, such as an archive. */
  public static ComparisonSide of(RowSource rows, KnownFingerprints known) {
    return new ComparisonSide(rows, Optional.of(known));
  }
}
