package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What stands outside of an encrypted bundle: what travels, and nothing of what it was made of.
 *
 * @param creationId of the archive
 * @param indexBytes of the file {@value #FILE}
 * @param indexDigest of that file
 * @param chunks in order, without gaps
 */
public record EncryptedIndex(
    String creationId, long indexBytes, Digest indexDigest, List<WireEntry> chunks)
    implements PublishedIndex {
  /** The encrypted file with all of the index; it is there before what stands outside is. */
  public static final String FILE = BundleIndex.FILE + ".age";

  /** What a reader of such an index must understand. */
  public static final String REQUIRED = "age";

  /** What encryption may add to an index. */
  private static final long MOST_ADDED = 1 << 20;

  /** The file is never larger. */
  public static final long MOST_BYTES = BundleIndexFile.MAX_BYTES + MOST_ADDED;

  /**
   * One chunk, as a carrier sees it.
   *
   * @param index place in the bundle, from zero
   * @param wireBytes bytes that travel
   * @param wireDigest of these
   */
  public record WireEntry(int index, long wireBytes, Digest wireDigest) {
    public WireEntry {
      if (index < 0 || index >= ChunkEntry.MOST_CHUNKS) {
        throw new IllegalArgumentException("chunk %d is out of range".formatted(index));
      }
      if (wireBytes < 1 || wireBytes > ChunkEntry.MOST_WIRE_BYTES) {
        throw new IllegalArgumentException(
            "chunk %d has %d wire bytes".formatted(index, wireBytes));
      }
    }

    static WireEntry of(ChunkEntry chunk) {
      return new WireEntry(chunk.index(), chunk.wireBytes(), chunk.wireDigest());
    }
  }

  public EncryptedIndex {
    chunks = List.copyOf(chunks);
    BundleIndex.requireCreationId(creationId);
    if (indexBytes < 1 || indexBytes > MOST_BYTES) {
      throw new IllegalArgumentException("%s has %d bytes".formatted(FILE, indexBytes));
    }
    BundleIndex.requireInOrder(chunks.stream().map(WireEntry::index).toList());
  }

  /**
   * What stands outside of an index.
   *
   * @param encrypted the content of the file {@value #FILE}
   */
  public static EncryptedIndex of(BundleIndex index, byte[] encrypted) {
    return new EncryptedIndex(
        index.creationId(),
        encrypted.length,
        Digest.ofContent(encrypted),
        index.chunks().stream().map(WireEntry::of).toList());
  }

  /** Whether an index that was in the encrypted file is one of these very chunks. */
  public boolean standsFor(BundleIndex index) {
    return creationId.equals(index.creationId())
        && chunks.equals(index.chunks().stream().map(WireEntry::of).toList());
  }

  @Override
  public Optional<Digest> archive() {
    return Optional.empty();
  }

  @Override
  public int size() {
    return chunks.size();
  }

  @Override
  public Optional<ChunkEntry> listed(int chunk) {
    return Optional.empty();
  }
}
