package io.milvusferry.cli.config;

import java.util.List;
import java.util.Locale;

/**
 * One name of an option in each place: {@code --known-hosts}, {@code FERRY_KNOWN_HOSTS}, {@code
 * knownHosts}.
 */
public final class OptionNames {
  /** Options that a configuration file may set, by their flags. */
  public static final List<String> IN_FILES =
      List.of(
          "--reader",
          "--read-limit",
          "--staging",
          "--on-existing",
          "--auto-id",
          "--max-findings",
          "--jobs",
          "--connections",
          "--bwlimit",
          "--codec",
          "--ssh-key",
          "--ssh-password-file",
          "--known-hosts",
          "--accept-host-key",
          "--secret-mode",
          "--progress");

  private OptionNames() {}

  /** {@code FERRY_KNOWN_HOSTS} for {@code --known-hosts}. */
  public static String environment(String flag) {
    return "FERRY_" + flag.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** {@code knownHosts} for {@code --known-hosts}. */
  public static String key(String flag) {
    StringBuilder key = new StringBuilder();
    for (String word : flag.replaceFirst("^--", "").split("-", -1)) {
      key.append(key.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return key.toString();
  }
}
