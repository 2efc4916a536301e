package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import java.util.Arrays;

/** Rows of bytes that gather one after the other, each of its own length. */
final class RowBuffer {
  private int[] offsets = new int[256];
  private byte[] bytes = {};
  private int rows;
  private int length;

  /** Half as much again, or what is needed. */
  static int grown(int length, int needed) {
    return Math.max(needed, Math.addExact(length, length >> 1));
  }

  /**
   * Makes room for more bytes of the row at hand, and returns where in {@link #bytes} they begin.
   */
  int reserve(int more) {
    int at = length;
    length = Math.addExact(length, more);
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, Math.max(256, length)));
    }
    return at;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Bytes of all rows, with those of the row at hand. */
  int length() {
    return length;
  }

  /** Where the row at hand begins. */
  int start() {
    return offsets[rows];
  }

  /** Ends the row at hand; the next one begins. */
  void end() {
    if (rows + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[++rows] = length;
  }

  /** The rows so far as a column; the buffer is empty afterwards. */
  Column take() {
    Column column =
        new Column.Bytes(Arrays.copyOf(offsets, rows + 1), Arrays.copyOf(bytes, length));
    rows = 0;
    length = 0;
    return column;
  }
}
