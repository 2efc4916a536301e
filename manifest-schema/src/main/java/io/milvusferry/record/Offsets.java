package io.milvusferry.record;

/** Positions of rows in a column where each row has its own number of elements. */
final class Offsets {
  private Offsets() {}

  /** The positions of these rows, put one after the other. */
  static int[] of(int[] offsets, int[] rows) {
    int[] positions = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      positions[i + 1] = Math.addExact(positions[i], offsets[rows[i] + 1] - offsets[rows[i]]);
    }
    return positions;
  }

  /** The positions of the rows from {@code from} up to, but not including, {@code to}. */
  static int[] slice(int[] offsets, int from, int to) {
    int[] positions = new int[to - from + 1];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = offsets[from + i] - offsets[from];
    }
    return positions;
  }

  /** The elements of these rows, row after row. */
  static int[] elements(int[] offsets, int[] rows) {
    int[] positions = of(offsets, rows);
    int[] elements = new int[positions[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      for (int j = positions[i]; j < positions[i + 1]; j++) {
        elements[j] = offsets[rows[i]] + j - positions[i];
      }
    }
    return elements;
  }
}
