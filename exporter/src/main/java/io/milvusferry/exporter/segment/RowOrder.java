package io.milvusferry.exporter.segment;

import java.util.Arrays;

/**
 * Sorts rows by key, and the newest of a key first; of rows of one moment, the later one is the
 * newer. Nothing is boxed.
 */
final class RowOrder {
  private final Keys keys;
  private final long[] timestamps;

  RowOrder(Keys keys, long[] timestamps) {
    this.keys = keys;
    this.timestamps = timestamps;
  }

  /**
   * These rows in that order.
   *
   * @param rows ascending; given up to be sorted in place
   */
  int[] sort(int[] rows) {
    if (isSorted(rows)) {
      return rows;
    }
    int[] from = rows;
    int[] into = new int[rows.length];
    for (int width = 1; width < rows.length; width *= 2) {
      for (int start = 0; start < rows.length; start += 2 * width) {
        int middle = Math.min(start + width, rows.length);
        merge(from, into, start, middle, Math.min(start + 2 * width, rows.length));
      }
      int[] swapped = from;
      from = into;
      into = swapped;
    }
    return from;
  }

  private void merge(int[] from, int[] into, int start, int middle, int end) {
    if (middle >= end || compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, start, into, start, end - start);
      return;
    }
    int left = start;
    int right = middle;
    for (int at = start; at < end; at++) {
      boolean takeLeft = right == end || (left < middle && compare(from[left], from[right]) <= 0);
      into[at] = takeLeft ? from[left++] : from[right++];
    }
  }

  private boolean isSorted(int[] rows) {
    for (int i = 1; i < rows.length; i++) {
      if (compare(rows[i - 1], rows[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private int compare(int a, int b) {
    int byKey = keys.compare(a, keys, b);
    if (byKey != 0) {
      return byKey;
    }
    int newestFirst = Long.compare(timestamps[b], timestamps[a]);
    return newestFirst != 0 ? newestFirst : Integer.compare(b, a);
  }

  /** Whether these are all rows from 0 on, in that order. */
  static boolean isWhole(int[] rows, int count) {
    if (rows.length != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (rows[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** The rows among so many for which {@code wanted} says yes. */
  static int[] where(int count, java.util.function.IntPredicate wanted) {
    int[] rows = new int[count];
    int found = 0;
    for (int row = 0; row < count; row++) {
      if (wanted.test(row)) {
        rows[found++] = row;
      }
    }
    return Arrays.copyOf(rows, found);
  }
}
