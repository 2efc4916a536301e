package io.milvusferry.record;

import org.jspecify.annotations.Nullable;

/**
 * A contiguous range of primary keys, in key order.
 *
 * @param from smallest key in the range, null if unbounded
 * @param below smallest key above the range, null if unbounded
 */
public record KeyRange(@Nullable Key from, @Nullable Key below) {
  /** Every key. */
  public static final KeyRange ALL = new KeyRange(null, null);

  public boolean contains(Key key) {
    return (from == null || from.compareTo(key) <= 0)
        && (below == null || key.compareTo(below) < 0);
  }
}
