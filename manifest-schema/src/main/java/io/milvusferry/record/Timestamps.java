package io.milvusferry.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/** The values of TIMESTAMPTZ: microseconds since 1970 in UTC, and their ISO 8601 text. */
public final class Timestamps {
  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4)
          .appendPattern("-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .appendLiteral('Z')
          .toFormatter(java.util.Locale.ROOT);

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;

  private Timestamps() {}

  /**
   * Such as {@code 2025-01-02T03:04:05.000006Z}; no fraction where it is zero.
   *
   * @throws DateTimeException when the year has not four digits
   */
  public static String format(long micros) {
    return TEXT.format(
        LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC));
  }

  /**
   * The moment that a text with an offset, or with {@code Z}, names.
   *
   * @throws DateTimeException when it is no such text, or finer than a microsecond
   */
  public static long parse(String text) {
    Instant instant = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    if (instant.getNano() % NANOS_PER_MICRO != 0) {
      throw new DateTimeException("'%s' is finer than a microsecond".formatted(text));
    }
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
          instant.getNano() / NANOS_PER_MICRO);
    } catch (ArithmeticException e) {
      throw new DateTimeException("'%s' is too far away".formatted(text), e);
    }
  }
}
