package io.milvusferry.cli.config;

import java.util.List;
import java.util.Map;

/** What a profile may say of its server's storage. */
final class StorageSettings {
  static final String KIND = "kind";

  /** What the server calls localStorage.path. */
  static final String PATH = "path";

  static final List<String> KEYS = List.of(KIND, PATH);

  /** The one kind of storage that there is. */
  private static final String DIRECTORY = "directory";

  private StorageSettings() {}

  /** What is wrong with these settings, in words; empty if nothing is. */
  static String wrong(Map<String, String> settings) {
    String kind = settings.getOrDefault(KIND, "");
    if (!kind.equals(DIRECTORY)) {
      return kind.isEmpty() ? "has no kind" : "is of the unknown kind '%s'".formatted(kind);
    }
    return settings.containsKey(PATH) ? "" : "has no path";
  }
}
