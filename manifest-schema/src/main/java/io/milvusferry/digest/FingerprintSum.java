package io.milvusferry.digest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A growing fingerprint: the number of rows and the sum of their digests modulo 2^256. Adding and
 * subtracting are exact, in any order. For one thread.
 */
public final class FingerprintSum {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int HEX_WORD = 16;

  private long rows;
  private long w3;
  private long w2;
  private long w1;
  private long w0;

  /** Adds one row by the 32 bytes of its digest, most significant first. */
  public void add(byte[] rowDigest) {
    add(
        1,
        (long) WORD.get(rowDigest, 0),
        (long) WORD.get(rowDigest, 8),
        (long) WORD.get(rowDigest, 16),
        (long) WORD.get(rowDigest, 24));
  }

  /** Adds all rows of another sum. */
  public void add(FingerprintSum other) {
    add(other.rows, other.w3, other.w2, other.w1, other.w0);
  }

  /** Adds all rows of a finished fingerprint. */
  public void add(Fingerprint other) {
    add(
        other.rows(),
        word(other.sum(), 0),
        word(other.sum(), 1),
        word(other.sum(), 2),
        word(other.sum(), 3));
  }

  /**
   * Takes the rows of {@code other} away again.
   *
   * @throws IllegalArgumentException when it has more rows than this; nothing is changed then
   */
  public void subtract(Fingerprint other) {
    if (other.rows() > rows) {
      throw new IllegalArgumentException(
          "cannot take %d rows from %d".formatted(other.rows(), rows));
    }
    FingerprintSum negative = new FingerprintSum();
    negative.add(other);
    // -x is ~x + 1 modulo 2^256.
    add(-other.rows(), ~negative.w3, ~negative.w2, ~negative.w1, ~negative.w0);
    add(0, 0, 0, 0, 1);
  }

  public long rows() {
    return rows;
  }

  /** The fingerprint of the rows so far. */
  public Fingerprint value() {
    HexFormat hex = HexFormat.of();
    return new Fingerprint(
        rows,
        hex.toHexDigits(w3) + hex.toHexDigits(w2) + hex.toHexDigits(w1) + hex.toHexDigits(w0));
  }

  private void add(long moreRows, long a3, long a2, long a1, long a0) {
    rows += moreRows;
    w0 += a0;
    long carry = Long.compareUnsigned(w0, a0) < 0 ? 1 : 0;
    long sum = w1 + a1;
    long next = Long.compareUnsigned(sum, a1) < 0 ? 1 : 0;
    w1 = sum + carry;
    // The carry wraps only where the sum was all ones, and then the sum itself did not.
    carry = next + (carry == 1 && w1 == 0 ? 1 : 0);
    sum = w2 + a2;
    next = Long.compareUnsigned(sum, a2) < 0 ? 1 : 0;
    w2 = sum + carry;
    carry = next + (carry == 1 && w2 == 0 ? 1 : 0);
    w3 += a3 + carry;
  }

  private static long word(String hex, int index) {
    return HexFormat.fromHexDigitsToLong(hex, index * HEX_WORD, (index + 1) * HEX_WORD);
  }
}
