package io.milvusferry.digest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** A growing fingerprint: the sum of 256-bit digests modulo 2^256. Not safe for several threads. */
public final class FingerprintSum {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int WORDS = 4;

  /** Most significant word first. */
  private final long[] sum = new long[WORDS];

  private long rows;

  /**
   * Adds one row.
   *
   * @param digest 32 bytes, most significant first
   */
  public void add(byte[] digest) {
    long carry = 0;
    for (int i = WORDS - 1; i >= 0; i--) {
      carry = addWord(i, (long) LONGS.get(digest, 8 * i), carry);
    }
    rows++;
  }

  /** Adds all rows of another set. */
  public void add(Fingerprint other) {
    byte[] bytes = HexFormat.of().parseHex(other.sum());
    add(bytes);
    rows += other.rows() - 1;
  }

  public Fingerprint value() {
    HexFormat hex = HexFormat.of();
    StringBuilder text = new StringBuilder(64);
    for (long word : sum) {
      text.append(hex.toHexDigits(word));
    }
    return new Fingerprint(rows, text.toString());
  }

  private long addWord(int index, long addend, long carry) {
    long first = sum[index] + addend;
    long second = first + carry;
    long overflow =
        (Long.compareUnsigned(first, addend) < 0 || Long.compareUnsigned(second, first) < 0)
            ? 1
            : 0;
    sum[index] = second;
    return overflow;
  }
}
