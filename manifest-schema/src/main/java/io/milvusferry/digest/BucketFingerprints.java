package io.milvusferry.digest;

import java.util.Locale;

/**
 * The fingerprints of a set of rows by bucket: the first byte of the SHA-256 of a row's key. Not
 * safe for several threads.
 */
public final class BucketFingerprints {
  /** How many buckets there are. */
  public static final int BUCKETS = 256;

  private final FingerprintSum[] buckets = new FingerprintSum[BUCKETS];

  /** No rows. */
  public BucketFingerprints() {
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new FingerprintSum();
    }
  }

  /**
   * Adds one row.
   *
   * @param bucket 0 to 255
   * @param digest the 32 bytes of the row's digest
   */
  public void add(int bucket, byte[] digest) {
    buckets[bucket].add(digest);
  }

  /** Adds all rows of another set. */
  public void add(BucketFingerprints other) {
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i].add(other.bucket(i));
    }
  }

  public Fingerprint bucket(int bucket) {
    return buckets[bucket].value();
  }

  /** The fingerprint of all rows. */
  public Fingerprint total() {
    FingerprintSum total = new FingerprintSum();
    for (FingerprintSum bucket : buckets) {
      total.add(bucket.value());
    }
    return total.value();
  }

  /**
   * 256 lines {@code bb rows sum}: the bucket in two hexadecimal digits, its rows, its sum; each
   * ends in a line feed.
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < BUCKETS; i++) {
      Fingerprint value = bucket(i);
      text.append(String.format(Locale.ROOT, "%02x %d %s%n", i, value.rows(), value.sum()));
    }
    return text.toString().replace("\r", "");
  }

  /**
   * Reads what {@link #toText} wrote.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static BucketFingerprints parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != BUCKETS + 1 || !lines[BUCKETS].isEmpty()) {
      throw new IllegalArgumentException("not %d lines of bucket fingerprints".formatted(BUCKETS));
    }
    BucketFingerprints parsed = new BucketFingerprints();
    for (int i = 0; i < BUCKETS; i++) {
      String[] words = lines[i].split(" ", -1);
      if (words.length != 3 || !words[0].equals(String.format(Locale.ROOT, "%02x", i))) {
        throw new IllegalArgumentException("not a bucket fingerprint: " + lines[i]);
      }
      parsed.buckets[i].add(new Fingerprint(Long.parseLong(words[1]), words[2]));
    }
    return parsed;
  }
}
