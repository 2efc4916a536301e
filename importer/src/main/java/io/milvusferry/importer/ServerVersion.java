package io.milvusferry.importer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares version numbers as servers and manifests write them. */
final class ServerVersion {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

  private ServerVersion() {}

  /**
   * Whether {@code version}, such as {@code v2.3.5-lite}, is {@code least} or later. A missing or
   * unreadable number on either side says nothing against it: capabilities are probed.
   */
  static boolean atLeast(String version, String least) {
    Matcher has = NUMBERS.matcher(version);
    Matcher needs = NUMBERS.matcher(least);
    if (!has.find() || !needs.find()) {
      return true;
    }
    for (int group = 1; group <= 3; group++) {
      int difference = number(has.group(group)) - number(needs.group(group));
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }

  private static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
