package io.milvusferry.record;

import java.util.Optional;
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

  /**
   * The keys of this range that are greater than {@code last}; this range if {@code last} is null.
   */
  public KeyRange after(@Nullable Key last) {
    if (last == null || (from != null && last.compareTo(from) < 0)) {
      return this;
    }
    Optional<Key> next = last.next();
    return next.isPresent() ? new KeyRange(next.get(), below) : new KeyRange(last, last);
  }

  /** The keys of this range that are smaller than {@code bound}; this range if that is null. */
  public KeyRange upTo(@Nullable Key bound) {
    return bound == null || (below != null && below.compareTo(bound) <= 0)
        ? this
        : new KeyRange(from, bound);
  }

  /** Whether no key can lie in this range. */
  public boolean isEmpty() {
    return from != null && below != null && from.compareTo(below) >= 0;
  }
}
