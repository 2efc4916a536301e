package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.Locale;

/**
 * One chunk, as the index lists it.
 *
 * @param index place in the bundle, from zero
 * @param rawBytes bytes of the tar stream that it holds
 * @param wireBytes bytes that travel
 * @param rawDigest of the former
 * @param wireDigest of the latter
 * @param codec what turns one into the other
 */
public record ChunkEntry(
    int index, long rawBytes, long wireBytes, Digest rawDigest, Digest wireDigest, String codec) {
  /** Chunks of a bundle, at most. */
  static final int MOST_CHUNKS = 1_000_000;

  /** What a codec may add to a chunk that does not shrink. */
  static final long MOST_WIRE_BYTES = BundleWriter.MOST_CHUNK_BYTES + (1 << 20);

  public ChunkEntry {
    if (index < 0 || index >= MOST_CHUNKS) {
      throw new IllegalArgumentException("chunk %d is out of range".formatted(index));
    }
    if (rawBytes < 1 || rawBytes > BundleWriter.MOST_CHUNK_BYTES) {
      throw new IllegalArgumentException("chunk %d has %d raw bytes".formatted(index, rawBytes));
    }
    if (wireBytes < 1 || wireBytes > MOST_WIRE_BYTES) {
      throw new IllegalArgumentException("chunk %d has %d wire bytes".formatted(index, wireBytes));
    }
    if (!codec.matches("[a-z][a-z0-9-]{0,31}")) {
      throw new IllegalArgumentException("chunk %d has no codec".formatted(index));
    }
  }

  /** The same chunk at another place in a bundle. */
  public ChunkEntry at(int place) {
    return new ChunkEntry(place, rawBytes, wireBytes, rawDigest, wireDigest, codec);
  }

  /** The name of the file that holds a chunk. */
  public static String fileName(int index) {
    return String.format(Locale.ROOT, "chunk-%05d", index);
  }

  /** The name of the file that holds this chunk. */
  public String fileName() {
    return fileName(index);
  }
}
