package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.List;

/**
 * What a bundle consists of: published last, so a bundle without it is not there yet.
 *
 * @param archiveId digest of the seal of the archive
 * @param creationId of the archive
 * @param chunks in order, without gaps
 */
public record BundleIndex(
    int formatVersion, Digest archiveId, String creationId, List<ChunkEntry> chunks) {
  /** The name of the file. */
  public static final String FILE = "bundle.json";

  /** A signature of the index, where somebody signed it; it is there before the index is. */
  public static final String SIGNATURE = FILE + ".sig";

  /** The value of the key {@code format}. */
  public static final String FORMAT = "milvus-ferry-bundle";

  /** What this build writes, and the newest that it reads. */
  public static final int CURRENT = 1;

  public BundleIndex {
    chunks = List.copyOf(chunks);
    if (!creationId.matches("[a-z0-9]{8,64}")) {
      throw new IllegalArgumentException("not a creation id: " + creationId);
    }
    if (chunks.isEmpty()) {
      throw new IllegalArgumentException("no chunks");
    }
    for (int i = 0; i < chunks.size(); i++) {
      if (chunks.get(i).index() != i) {
        throw new IllegalArgumentException(
            "chunk %d stands where %d belongs".formatted(chunks.get(i).index(), i));
      }
    }
  }

  public long rawBytes() {
    return chunks.stream().mapToLong(ChunkEntry::rawBytes).sum();
  }

  public long wireBytes() {
    return chunks.stream().mapToLong(ChunkEntry::wireBytes).sum();
  }
}
