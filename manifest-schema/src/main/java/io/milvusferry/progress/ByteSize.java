package io.milvusferry.progress;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes that reads and prints as people write it, in powers of 1000.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([kKMGT]?)B?");
  private static final String UNITS = "kMGT";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size: " + bytes);
    }
  }

  /** Reads {@code 40M}, {@code 32GB} or {@code 1500}. */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a size such as 40M or 32GB");
    }
    long number = Long.parseLong(matcher.group(1));
    int power = UNITS.indexOf(matcher.group(2).isEmpty() ? "?" : normal(matcher.group(2))) + 1;
    for (int i = 0; i < power; i++) {
      number = Math.multiplyExact(number, 1000L);
    }
    return new ByteSize(number);
  }

  private static String normal(String unit) {
    return unit.equals("K") ? "k" : unit;
  }

  @Override
  public String toString() {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int power = -1;
    while (value >= 999.5 && power < UNITS.length() - 1) {
      value /= 1000;
      power++;
    }
    return String.format(
        Locale.ROOT, value < 100 ? "%.1f %sB" : "%.0f %sB", value, UNITS.charAt(power));
  }
}
