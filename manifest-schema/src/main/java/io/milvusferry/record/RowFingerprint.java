package io.milvusferry.record;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.manifest.FieldSpec;
import java.util.List;

/**
 * The growing fingerprint of rows, algorithm {@code sha256-sum-1}, in all and by bucket. For one
 * thread; what several threads have is added with {@link #add(RowFingerprint)}.
 */
public final class RowFingerprint {
  private final RowDigester digester;
  private final byte[] digest = new byte[RowDigester.LENGTH];
  private final BucketFingerprints buckets = new BucketFingerprints();
  private final FingerprintSum withoutKey = new FingerprintSum();

  /**
   * @param fields what a row consists of: {@code CollectionSchema.rowFields()}, or fewer where some
   *     are not compared
   */
  public RowFingerprint(List<FieldSpec> fields) {
    digester = new RowDigester(fields);
  }

  /** Adds all rows of a batch, which carries at least the fields. */
  public void add(RecordBatch batch) {
    add(batch, 0, batch.rows());
  }

  /** Adds the rows from {@code from} up to, but not including, {@code to}. */
  public void add(RecordBatch batch, int from, int to) {
    digester.open(batch);
    for (int row = from; row < to; row++) {
      digester.digest(row, digest);
      if (digester.hasKey()) {
        buckets.add(digester.bucket(row), digest);
      } else {
        withoutKey.add(digest);
      }
    }
  }

  /** Adds all rows of another fingerprint over the same fields. */
  public void add(RowFingerprint other) {
    buckets.add(other.buckets);
    withoutKey.add(other.withoutKey);
  }

  /** The fingerprint of all rows so far. */
  public Fingerprint total() {
    return digester.hasKey() ? buckets.total() : withoutKey.value();
  }

  /**
   * The buckets of all rows so far; later rows change them.
   *
   * @throws IllegalStateException when the key is not among the fields
   */
  public BucketFingerprints buckets() {
    if (!digester.hasKey()) {
      throw new IllegalStateException("rows without their key have no buckets");
    }
    return buckets;
  }
}
