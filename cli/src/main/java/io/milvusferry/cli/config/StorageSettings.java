package io.milvusferry.cli.config;

import io.milvusferry.storage.S3Location;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a profile may say of its server's storage. */
final class StorageSettings {
  /** {@code directory} or {@code s3}. */
  static final String KIND = "kind";

  /** Of a directory: what the server calls localStorage.path. */
  static final String PATH = "path";

  static final String BUCKET = "bucket";

  /** What the server calls minio.rootPath. */
  static final String ROOT_PATH = "rootPath";

  static final String ENDPOINT = "endpoint";
  static final String REGION = "region";

  /** A file of keys, in the form of the AWS command line; without it, they come from variables. */
  static final String CREDENTIALS_FILE = "credentialsFile";

  private static final String DIRECTORY = "directory";
  private static final String S3 = "s3";
  private static final List<String> KEYS_OF_DIRECTORIES = List.of(KIND, PATH);
  private static final List<String> KEYS_OF_S3 =
      List.of(KIND, BUCKET, ROOT_PATH, ENDPOINT, REGION, CREDENTIALS_FILE);

  static final List<String> KEYS =
      List.of(KIND, PATH, BUCKET, ROOT_PATH, ENDPOINT, REGION, CREDENTIALS_FILE);

  /** What a server has as minio.rootPath unless it is told another. */
  private static final String USUAL_ROOT = "files";

  private StorageSettings() {}

  /** What is wrong with these settings, in words; empty if nothing is. */
  static String wrong(Map<String, String> settings) {
    String kind = settings.getOrDefault(KIND, "");
    if (kind.equals(DIRECTORY)) {
      return settings.containsKey(PATH) ? surplus(settings, KEYS_OF_DIRECTORIES) : "has no path";
    }
    if (kind.equals(S3)) {
      return settings.containsKey(BUCKET) ? wrongWithS3(settings) : "has no bucket";
    }
    return kind.isEmpty() ? "has no kind" : "is of the unknown kind '%s'".formatted(kind);
  }

  private static String wrongWithS3(Map<String, String> settings) {
    try {
      s3(settings);
      return surplus(settings, KEYS_OF_S3);
    } catch (IllegalArgumentException e) {
      return "is " + e.getMessage();
    }
  }

  private static String surplus(Map<String, String> settings, List<String> allowed) {
    return settings.keySet().stream()
        .filter(key -> !allowed.contains(key))
        .findFirst()
        .map(key -> "has %s, which is of another kind".formatted(key))
        .orElse("");
  }

  static boolean isS3(Map<String, String> settings) {
    return S3.equals(settings.get(KIND));
  }

  /** The bucket that settings without fault name. */
  static S3Location s3(Map<String, String> settings) {
    return new S3Location(
        settings.getOrDefault(BUCKET, ""),
        settings.getOrDefault(ROOT_PATH, USUAL_ROOT),
        Optional.ofNullable(settings.get(ENDPOINT)).map(URI::create),
        Optional.ofNullable(settings.get(REGION)));
  }
}
