package io.milvusferry.manifest;

import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;

/**
 * One Parquet part of a collection, as the manifest lists it.
 *
 * @param path location relative to the archive root, with {@code /} between its segments
 * @param partition number of the partition whose rows it holds
 * @param rows number of rows; a part is never empty
 * @param minKey smallest primary key, as text; rows lie in ascending key order
 * @param maxKey greatest primary key, as text
 */
public record PartEntry(
    String path,
    int partition,
    long rows,
    long bytes,
    Digest digest,
    String minKey,
    String maxKey,
    Fingerprint fingerprint,
    Lane lane,
    String minServer) {
  public PartEntry {
    ArchiveLayout.requireInside(path);
    if (rows < 1 || bytes < 1) {
      throw new IllegalArgumentException("empty part: " + path);
    }
    if (rows != fingerprint.rows()) {
      throw new IllegalArgumentException(
          "part %s has %d rows but a fingerprint of %d".formatted(path, rows, fingerprint.rows()));
    }
  }
}
