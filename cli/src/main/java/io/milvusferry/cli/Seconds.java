package io.milvusferry.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Times as results state them. */
final class Seconds {
  private Seconds() {}

  /** Seconds with one decimal. */
  static BigDecimal of(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).setScale(1, RoundingMode.HALF_UP);
  }
}
