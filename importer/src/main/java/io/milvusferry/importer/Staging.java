package io.milvusferry.importer;

import java.nio.file.Path;

/** Where the target's server can read files for bulk import. */
public sealed interface Staging {

  /** Nowhere: all rows are inserted. */
  record None() implements Staging {}

  /** The server reads the archive where it lies, under the same path. */
  record InPlace() implements Staging {}

  /**
   * Parts are linked or copied into a folder of their own in a directory that both sides see, and
   * removed again.
   *
   * @param directory as this process sees it
   * @param asServerSees the same directory as the server sees it; absolute
   */
  record Directory(Path directory, String asServerSees) implements Staging {}

  /**
   * Reads {@code in-place}, {@code DIR} or {@code DIR=DIR-AS-SEEN-BY-SERVER}.
   *
   * @throws IllegalArgumentException when the server's path is not absolute
   */
  static Staging parse(String text) {
    if (text.equals("in-place")) {
      return new InPlace();
    }
    int equals = text.indexOf('=');
    Path directory = Path.of(equals < 0 ? text : text.substring(0, equals)).toAbsolutePath();
    String seen = equals < 0 ? directory.normalize().toString() : text.substring(equals + 1);
    if (!seen.startsWith("/")) {
      throw new IllegalArgumentException(
          "the staging directory as the server sees it is not absolute: '" + seen + "'");
    }
    return new Directory(directory.normalize(), seen);
  }
}
