package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle consists of: published last, so a bundle without it is not there yet.
 *
 * @param archiveId digest of the seal of the archive
 * @param creationId of the archive
 * @param chunks in order, without gaps
 */
public record BundleIndex(
    int formatVersion, Digest archiveId, String creationId, List<ChunkEntry> chunks)
    implements PublishedIndex {
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
    requireCreationId(creationId);
    requireInOrder(chunks.stream().map(ChunkEntry::index).toList());
  }

  static void requireCreationId(String creationId) {
    if (!creationId.matches("[a-z0-9]{8,64}")) {
      throw new IllegalArgumentException("not a creation id: " + creationId);
    }
  }

  static void requireInOrder(List<Integer> chunks) {
    if (chunks.isEmpty()) {
      throw new IllegalArgumentException("no chunks");
    }
    for (int i = 0; i < chunks.size(); i++) {
      if (chunks.get(i) != i) {
        throw new IllegalArgumentException(
            "chunk %d stands where %d belongs".formatted(chunks.get(i), i));
      }
    }
  }

  @Override
  public Optional<Digest> archive() {
    return Optional.of(archiveId);
  }

  @Override
  public int size() {
    return chunks.size();
  }

  @Override
  public Optional<ChunkEntry> listed(int chunk) {
    return chunk < chunks.size() ? Optional.of(chunks.get(chunk)) : Optional.empty();
  }

  public long rawBytes() {
    return chunks.stream().mapToLong(ChunkEntry::rawBytes).sum();
  }

  public long wireBytes() {
    return chunks.stream().mapToLong(ChunkEntry::wireBytes).sum();
  }
}
