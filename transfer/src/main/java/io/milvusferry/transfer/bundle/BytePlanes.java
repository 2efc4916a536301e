package io.milvusferry.transfer.bundle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes sorted by their place in an element: first the first bytes of all elements, then all second
 * bytes, and so on; what is left over after the last whole element stays at the end. Vectors shrink
 * by it, since exponents are alike and mantissas are not.
 */
final class BytePlanes {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private BytePlanes() {}

  /**
   * Sorts bytes into planes.
   *
   * @param width bytes of an element: 2, 4 or 8
   */
  static void split(byte[] from, int offset, int length, int width, byte[] to) {
    int elements = length / width;
    if (width == Integer.BYTES) {
      splitInts(from, offset, elements, to);
    } else {
      for (int plane = 0; plane < width; plane++) {
        int out = plane * elements;
        for (int i = 0, in = offset + plane; i < elements; i++, in += width) {
          to[out + i] = from[in];
        }
      }
    }
    int done = elements * width;
    System.arraycopy(from, offset + done, to, done, length - done);
  }

  private static void splitInts(byte[] from, int offset, int elements, byte[] to) {
    int second = elements;
    int third = 2 * elements;
    int fourth = 3 * elements;
    for (int i = 0; i < elements; i++) {
      int element = (int) INTS.get(from, offset + i * Integer.BYTES);
      to[i] = (byte) element;
      to[second + i] = (byte) (element >>> 8);
      to[third + i] = (byte) (element >>> 16);
      to[fourth + i] = (byte) (element >>> 24);
    }
  }

  /** Undoes {@link #split}: planes of {@code length} bytes become elements again. */
  static void join(byte[] planes, int length, int width, byte[] to) {
    int elements = length / width;
    if (width == Integer.BYTES) {
      joinInts(planes, elements, to);
    } else {
      for (int plane = 0; plane < width; plane++) {
        int in = plane * elements;
        for (int i = 0, out = plane; i < elements; i++, out += width) {
          to[out] = planes[in + i];
        }
      }
    }
    int done = elements * width;
    System.arraycopy(planes, done, to, done, length - done);
  }

  private static void joinInts(byte[] planes, int elements, byte[] to) {
    int second = elements;
    int third = 2 * elements;
    int fourth = 3 * elements;
    for (int i = 0; i < elements; i++) {
      int low = (planes[i] & 0xff) | ((planes[second + i] & 0xff) << 8);
      int high = (planes[third + i] & 0xff) | (planes[fourth + i] << 8);
      INTS.set(to, i * Integer.BYTES, low | (high << 16));
    }
  }
}
