package io.milvusferry.manifest;

/**
 * A document of an archive that says something impossible at some place; never leaves this package.
 */
final class MalformedManifestException extends RuntimeException {
  /**
   * @param path JSON path such as {@code $.collections[0].parts[2]}
   * @param problem what is wrong there, as the rest of a sentence
   */
  MalformedManifestException(String path, String problem) {
    super(path + " " + problem);
  }
}
