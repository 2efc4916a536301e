package io.milvusferry.connector;

import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the keys of a partition into ranges of about equal size. The bounds come from the server:
 * the key that stands so many rows after another, one small answer for each stride.
 */
final class SlicePlanner {
  /** Finds keys by rank. */
  interface Ranks {
    /**
     * The key {@code rows} places after the start of {@code range}, empty if there are not so many.
     */
    Optional<Key> keyAt(String partition, KeyRange range, int rows);
  }

  /**
   * Rows between a key and the next one that is asked for: the server's greatest window, less one.
   */
  static final int STRIDE = 16_383;

  private final Ranks ranks;

  SlicePlanner(Ranks ranks) {
    this.ranks = ranks;
  }

  /**
   * Slices of one partition, ascending, disjoint, without bounds at both ends.
   *
   * @param rows about how many rows the partition has
   * @param wanted about how many slices are useful
   */
  List<Slice> slices(String partition, long rows, int wanted) {
    List<Slice> slices = new ArrayList<>();
    long perSlice = Math.max(STRIDE, rows / Math.max(1, wanted));
    int strides = (int) Math.max(1, Math.min(Integer.MAX_VALUE, perSlice / STRIDE));
    Key from = null;
    long left = rows;
    while (left > perSlice + STRIDE / 2) {
      Optional<Key> next = Optional.ofNullable(from);
      for (int i = 0; i < strides; i++) {
        Optional<Key> key = ranks.keyAt(partition, new KeyRange(next.orElse(null), null), STRIDE);
        if (key.isEmpty()) {
          slices.add(new Slice(partition, new KeyRange(from, null)));
          return slices;
        }
        next = key;
      }
      Key below = next.orElseThrow();
      slices.add(new Slice(partition, new KeyRange(from, below)));
      from = below;
      left -= (long) strides * STRIDE;
    }
    slices.add(new Slice(partition, new KeyRange(from, null)));
    return slices;
  }

  /**
   * The slices of one partition up to its row number {@code rows}; all of them if it has not so
   * many.
   *
   * @param slices ascending, without bounds at both ends
   */
  List<Slice> first(List<Slice> slices, long rows) {
    String partition = slices.get(0).partition();
    Key end = null;
    for (long left = rows; left > 0; ) {
      int stride = (int) Math.min(STRIDE, left);
      Optional<Key> key = ranks.keyAt(partition, new KeyRange(end, null), stride);
      if (key.isEmpty()) {
        return slices;
      }
      end = key.get();
      left -= stride;
    }
    Key bound = end;
    return slices.stream()
        .map(slice -> new Slice(partition, slice.range().upTo(bound)))
        .filter(slice -> !slice.range().isEmpty())
        .toList();
  }
}
