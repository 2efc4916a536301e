package io.milvusferry.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sparse vectors as Milvus sends them: for each element a 32-bit index, as an unsigned number, and
 * a 32-bit float, both little-endian.
 */
public final class SparseVectors {
  /** An index and a value. */
  public static final int ELEMENT_BYTES = 8;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private SparseVectors() {}

  /** The index of the element that begins at a position, as an unsigned number. */
  public static int index(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  /** The bits of the value of the element that begins at a position. */
  public static int valueBits(byte[] bytes, int at) {
    return (int) INT.get(bytes, at + Integer.BYTES);
  }

  /** Writes an element at a position. */
  public static void set(byte[] bytes, int at, int index, int valueBits) {
    INT.set(bytes, at, index);
    INT.set(bytes, at + Integer.BYTES, valueBits);
  }

  /**
   * Puts the elements from {@code from} up to, but not including, {@code to} into the order of
   * their indexes.
   *
   * @return false if they are no vector: not whole elements, or two with one index
   */
  public static boolean order(byte[] bytes, int from, int to) {
    if ((to - from) % ELEMENT_BYTES != 0) {
      return false;
    }
    int rising = rising(bytes, from, to);
    if (rising == to) {
      return true;
    }
    // The index above, the bits of the value below: by unsigned index after adding the lowest long.
    long[] elements = new long[(to - from) / ELEMENT_BYTES];
    for (int i = 0; i < elements.length; i++) {
      elements[i] =
          Long.rotateLeft((long) LONG.get(bytes, from + i * ELEMENT_BYTES), Integer.SIZE)
              + Long.MIN_VALUE;
    }
    Arrays.sort(elements);
    for (int i = 0; i < elements.length; i++) {
      LONG.set(
          bytes,
          from + i * ELEMENT_BYTES,
          Long.rotateLeft(elements[i] - Long.MIN_VALUE, Integer.SIZE));
    }
    return rising(bytes, from, to) == to;
  }

  /**
   * Where the first element begins whose index is not greater than the one before; else the end.
   */
  private static int rising(byte[] bytes, int from, int to) {
    for (int at = from + ELEMENT_BYTES; at < to; at += ELEMENT_BYTES) {
      if (Integer.compareUnsigned(index(bytes, at), index(bytes, at - ELEMENT_BYTES)) <= 0) {
        return at;
      }
    }
    return to;
  }
}
