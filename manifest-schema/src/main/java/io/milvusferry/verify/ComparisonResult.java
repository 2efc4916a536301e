package io.milvusferry.verify;

import io.milvusferry.digest.Fingerprint;
import java.util.List;

/**
 * What became of comparing the rows of a collection. Counts are exact, whatever is listed; where
 * rows were compared without their keys, they are the least that explains the difference.
 *
 * @param expected fingerprint of the expected side over the compared fields, as read last
 * @param actual the same of the actual side
 * @param missing rows that only the expected side has
 * @param extra rows that only the actual side has
 * @param changed rows with a key on both sides that differ otherwise
 * @param findings in order of partition and key, no more than was asked for
 * @param reread whether something differed at first and was read again
 */
public record ComparisonResult(
    Fingerprint expected,
    Fingerprint actual,
    long missing,
    long extra,
    long changed,
    List<RowFinding> findings,
    boolean reread) {
  public ComparisonResult {
    findings = List.copyOf(findings);
  }

  /** Whether both sides hold the same rows. */
  public boolean equal() {
    return differences() == 0;
  }

  /** All differing rows. */
  public long differences() {
    return missing + extra + changed;
  }
}
