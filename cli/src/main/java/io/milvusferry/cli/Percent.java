package io.milvusferry.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share of something.
 *
 * @param share 0 to 1
 */
record Percent(double share) {
  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*%?");

  /** Reads {@code 1%}, {@code 0.5 %} or {@code 90}. */
  static Percent parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches() || Double.parseDouble(matcher.group(1)) > 100) {
      throw new IllegalArgumentException("'%s' is not a share such as 1%%".formatted(text));
    }
    return new Percent(Double.parseDouble(matcher.group(1)) / 100);
  }
}
