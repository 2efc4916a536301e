package io.milvusferry.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build of ferry this is.
 *
 * @param version the release, such as {@code 0.1.0}
 * @param commit the abbreviated commit that it was built from; {@code unknown} for sources that
 *     came without their history
 * @param modified whether the sources were changed after that commit
 */
record ProductVersion(String version, String commit, boolean modified) {
  private static final String RESOURCE = "build.properties";

  ProductVersion {
    if (version.isBlank() || commit.isBlank()) {
      throw new IllegalArgumentException(
          "build without a version or commit: '%s', '%s'".formatted(version, commit));
    }
  }

  /** The build that runs, as Maven wrote it down. */
  static ProductVersion current() {
    Properties properties = new Properties();
    try (InputStream in = ProductVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return from(properties);
  }

  static ProductVersion from(Properties properties) {
    return new ProductVersion(
        properties.getProperty("version", ""),
        properties.getProperty("commit", ""),
        Boolean.parseBoolean(properties.getProperty("modified")));
  }

  /** One line for people, for the manifest and for {@code bag-info.txt}. */
  @Override
  public String toString() {
    return "milvus-ferry %s (%s%s)".formatted(version, commit, modified ? ", modified" : "");
  }
}
