package io.milvusferry.parity;

import io.milvusferry.record.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The nearest rows so far, with some more that may be as near. */
final class Nearest {
  /** Rows held for each one wanted, to have those that tie with the last one. */
  private static final int SPARE = 4;

  /** How much closer to another distance one must be to count as less, relative to it. */
  private static final double TIE = 1e-5;

  private final int wanted;
  private final double[] distances;
  private final Key[] keys;
  private int size;

  Nearest(int wanted) {
    this.wanted = wanted;
    distances = new double[SPARE * wanted];
    keys = new Key[distances.length];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
  }

  /** Distances from which on no row is taken. */
  double bound() {
    return distances[distances.length - 1];
  }

  /**
   * Takes a row if it is near enough; not one at an infinite distance or none.
   *
   * @param key asked for only then
   */
  void add(double distance, Supplier<Key> key) {
    if (!(distance < bound())) {
      return;
    }
    int at = Math.min(size, distances.length - 1);
    for (; at > 0 && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      keys[at] = keys[at - 1];
    }
    distances[at] = distance;
    keys[at] = key.get();
    size = Math.min(size + 1, distances.length);
  }

  /** Keys of the nearest rows, nearest first, then of those that tie with the last one. */
  List<Key> keys() {
    List<Key> nearest = new ArrayList<>();
    double last = distances[Math.min(wanted, Math.max(1, size)) - 1];
    double bound = last + TIE * Math.max(1e-3, Math.abs(last));
    for (int i = 0; i < size && (i < wanted || distances[i] <= bound); i++) {
      nearest.add(keys[i]);
    }
    return nearest;
  }
}
