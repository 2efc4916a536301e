package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.bundle.BundleReader;
import io.milvusferry.transfer.bundle.ChunkCodec;
import io.milvusferry.transfer.bundle.ChunkCodecs;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.UnsafeBundleException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** Opens single chunks, in order, and hands their raw bytes to a {@link BundleReader}. */
final class ChunkUnpacker {
  private static final int BLOCK = 1 << 18;

  private final OpenedBundle bundle;
  private final BundleReader reader;
  private final byte[] block = new byte[BLOCK];

  ChunkUnpacker(OpenedBundle bundle, BundleReader reader) {
    this.bundle = bundle;
    this.reader = reader;
  }

  /**
   * Unpacks a chunk whose wire digest is checked.
   *
   * @return what is wrong with it; the reader is of no use any more then
   * @throws FerryException {@link ErrorCode#BUNDLE_UNSAFE} when it holds what no archive holds
   */
  Optional<String> unpack(ChunkEntry chunk, Path file) throws IOException {
    try (InputStream wire = new BufferedInputStream(Files.newInputStream(file))) {
      InputStream raw;
      try {
        raw = codec(chunk).decode(bundle.open(wire));
      } catch (IOException e) {
        return Optional.of("it cannot be opened: " + e.getMessage());
      }
      return unpack(chunk, raw);
    }
  }

  private Optional<String> unpack(ChunkEntry chunk, InputStream content) throws IOException {
    MessageDigest sha256 = Digest.newSha256();
    long bytes = 0;
    try (InputStream raw = content) {
      while (true) {
        int read;
        try {
          read = raw.read(block, 0, (int) Math.min(block.length, chunk.rawBytes() - bytes + 1));
        } catch (IOException e) {
          return Optional.of("it cannot be opened: " + e.getMessage());
        }
        if (read < 0) {
          break;
        }
        bytes += read;
        if (bytes > chunk.rawBytes()) {
          return Optional.of("it opens to more than %d bytes".formatted(chunk.rawBytes()));
        }
        sha256.update(block, 0, read);
        reader.accept(block, 0, read);
      }
    } catch (UnsafeBundleException e) {
      throw unsafe(e);
    }
    if (bytes != chunk.rawBytes()) {
      return Optional.of("it opens to %d bytes instead of %d".formatted(bytes, chunk.rawBytes()));
    }
    Digest actual = Digest.of(sha256.digest());
    return actual.equals(chunk.rawDigest())
        ? Optional.empty()
        : Optional.of(
            "it opens to the digest %s instead of %s".formatted(actual, chunk.rawDigest()));
  }

  /** Nothing of a bundle that is not ours is kept. */
  static FerryException unsafe(UnsafeBundleException e) {
    return new FerryException(
        ErrorCode.BUNDLE_UNSAFE,
        "the bundle is not one that ferry makes: " + e.getMessage(),
        "Do not use it; ask where it comes from.",
        e);
  }

  private static ChunkCodec codec(ChunkEntry chunk) {
    return ChunkCodecs.named(chunk.codec())
        .orElseThrow(
            () ->
                new FerryException(
                    ErrorCode.BUNDLE_REQUIRES,
                    "chunk %d is packed with '%s', which this build does not understand"
                        .formatted(chunk.index(), chunk.codec()),
                    "Receive with the release that shipped it, or a later one.",
                    null));
  }
}
