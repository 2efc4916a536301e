package io.milvusferry.cli.config;

import java.util.List;
import java.util.Map;

/** What a profile may say of its server's storage. */
public final class StorageSettings {
  /** {@code directory} or {@code s3}. */
  public static final String KIND = "kind";

  /** Of a directory: what the server calls localStorage.path. */
  public static final String PATH = "path";

  public static final String BUCKET = "bucket";

  /** Below which the server keeps its objects; {@code files} where it was not changed. */
  public static final String ROOT_PATH = "rootPath";

  public static final String ENDPOINT = "endpoint";
  public static final String REGION = "region";

  /** A file of keys, in the form of the AWS command line; without it, that one's places count. */
  public static final String CREDENTIALS_FILE = "credentialsFile";

  public static final String DIRECTORY = "directory";
  public static final String S3 = "s3";

  static final List<String> KEYS =
      List.of(KIND, PATH, BUCKET, ROOT_PATH, ENDPOINT, REGION, CREDENTIALS_FILE);

  private StorageSettings() {}

  /** What is wrong with these settings, in words; empty if nothing is. */
  static String wrong(Map<String, String> settings) {
    String kind = settings.getOrDefault(KIND, "");
    if (kind.equals(DIRECTORY)) {
      return settings.containsKey(PATH) ? surplus(settings, List.of(KIND, PATH)) : "has no path";
    }
    if (kind.equals(S3)) {
      return settings.containsKey(BUCKET)
          ? surplus(settings, KEYS.stream().filter(key -> !key.equals(PATH)).toList())
          : "has no bucket";
    }
    return kind.isEmpty() ? "has no kind" : "is of the kind '%s'".formatted(kind);
  }

  private static String surplus(Map<String, String> settings, List<String> allowed) {
    return settings.keySet().stream()
        .filter(key -> !allowed.contains(key))
        .findFirst()
        .map(key -> "has %s, which is not for this kind".formatted(key))
        .orElse("");
  }
}
