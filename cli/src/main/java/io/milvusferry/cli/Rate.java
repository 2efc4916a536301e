package io.milvusferry.cli;

import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.Throttle;
import org.jspecify.annotations.Nullable;

/**
 * A limit on bytes in each second.
 *
 * @param perSecond at least one byte
 */
record Rate(ByteSize perSecond) {
  Rate {
    if (perSecond.bytes() < 1) {
      throw new IllegalArgumentException(
          "with %d bytes a second nothing would ever move".formatted(perSecond.bytes()));
    }
  }

  /** Reads {@code 40M} or {@code 1500}. */
  static Rate parse(String text) {
    return new Rate(ByteSize.parse(text));
  }

  /** What keeps to a limit, if there is one. */
  static Throttle throttle(@Nullable Rate limit) {
    return limit == null ? Throttle.NONE : Throttle.of(limit.perSecond());
  }
}
