package io.milvusferry.digest;

import java.util.regex.Pattern;

/**
 * An order-independent digest of a set of rows, algorithm {@code sha256-sum-1}.
 *
 * @param rows number of rows in the set
 * @param sum the sum of their SHA-256 digests modulo 2^256, 64 lower-case hexadecimal digits, most
 *     significant first
 */
public record Fingerprint(long rows, String sum) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /** The name of the algorithm in manifests. */
  public static final String ALGORITHM = "sha256-sum-1";

  /** The fingerprint of no rows. */
  public static final Fingerprint EMPTY = new Fingerprint(0, "0".repeat(64));

  public Fingerprint {
    if (rows < 0 || !FORM.matcher(sum).matches()) {
      throw new IllegalArgumentException("not a fingerprint: " + rows + " rows, sum " + sum);
    }
  }
}
