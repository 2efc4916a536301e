package io.milvusferry.digest;

import java.util.HexFormat;

/**
 * Growing fingerprints of the 256 buckets into which rows fall by the first byte of the digest of
 * their key. For one thread.
 *
 * <p>As text it is one line for each bucket, in order: two hexadecimal digits, the number of rows,
 * the sum, with single spaces between, and a line feed.
 */
public final class BucketFingerprints {
  public static final int BUCKETS = 256;

  private final FingerprintSum[] sums = new FingerprintSum[BUCKETS];

  public BucketFingerprints() {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sums[bucket] = new FingerprintSum();
    }
  }

  /** Adds one row by its 32 digest bytes. */
  public void add(int bucket, byte[] rowDigest) {
    sums[bucket].add(rowDigest);
  }

  /** Adds all rows of {@code other}. */
  public void add(BucketFingerprints other) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sums[bucket].add(other.sums[bucket]);
    }
  }

  public Fingerprint bucket(int bucket) {
    return sums[bucket].value();
  }

  /** The fingerprint of all rows. */
  public Fingerprint total() {
    FingerprintSum total = new FingerprintSum();
    for (FingerprintSum sum : sums) {
      total.add(sum);
    }
    return total.value();
  }

  /** For each bucket, whether it differs from that of {@code other}. */
  public boolean[] differing(BucketFingerprints other) {
    boolean[] differs = new boolean[BUCKETS];
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      differs[bucket] = !bucket(bucket).equals(other.bucket(bucket));
    }
    return differs;
  }

  /** The text form. */
  public String toText() {
    StringBuilder text = new StringBuilder(BUCKETS * 80);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      Fingerprint value = bucket(bucket);
      text.append(HexFormat.of().toHexDigits((byte) bucket))
          .append(' ')
          .append(value.rows())
          .append(' ')
          .append(value.sum())
          .append('\n');
    }
    return text.toString();
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static BucketFingerprints parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != BUCKETS + 1 || !lines[BUCKETS].isEmpty()) {
      throw new IllegalArgumentException(
          "bucket fingerprints have %d lines, not %d".formatted(lines.length - 1, BUCKETS));
    }
    BucketFingerprints read = new BucketFingerprints();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      String[] parts = lines[bucket].split(" ", -1);
      if (parts.length != 3
          || !parts[0].equals(HexFormat.of().toHexDigits((byte) bucket))
          || !parts[1].matches("0|[1-9][0-9]{0,18}")) {
        throw new IllegalArgumentException(
            "line %d of the buckets is malformed: %s".formatted(bucket + 1, lines[bucket]));
      }
      read.sums[bucket].add(new Fingerprint(Long.parseLong(parts[1]), parts[2]));
    }
    return read;
  }
}
