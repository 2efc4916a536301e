package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings single chunks to this machine and checks their wire digests. What lies in the spool from
 * an earlier run is continued, and never believed. Safe for several threads.
 */
final class ChunkFetcher {
  private static final int BUFFER = 1 << 18;

  private final RemoteStore store;
  private final BundleSource source;
  private final Path spool;

  ChunkFetcher(RemoteStore store, BundleSource source, Path spool) {
    this.store = store;
    this.source = source;
    this.spool = spool;
  }

  /** Fetches a chunk; one that does not match is fetched once more before it is called bad. */
  FetchedChunk fetch(ChunkEntry chunk) {
    if (source.passing()) {
      FetchedChunk kept = kept(chunk);
      if (kept instanceof FetchedChunk.Good || source.path(chunk).isEmpty()) {
        return kept;
      }
    }
    String path = source.path(chunk).orElseThrow();
    OptionalLong size = store.size(path);
    if (size.isEmpty()) {
      return new FetchedChunk.Bad(chunk, 0, "it is missing");
    }
    if (size.getAsLong() != chunk.wireBytes()) {
      return new FetchedChunk.Bad(
          chunk, 0, "it has %d bytes instead of %d".formatted(size.getAsLong(), chunk.wireBytes()));
    }
    Optional<Path> here = store.local(path);
    Path file = here.orElse(spool.resolve(chunk.fileName()));
    try {
      return here.isPresent() ? check(chunk, file) : fetch(chunk, path, file);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  /**
   * Copies a chunk from a source that may be gone next time, checks what was copied, and forces it
   * to disk.
   *
   * @return what {@link #fetch(ChunkEntry)} returns, in the spool when it is good
   */
  FetchedChunk keep(ChunkEntry chunk) {
    Path file = spool.resolve(chunk.fileName());
    try {
      FetchedChunk copied = fetch(chunk, source.path(chunk).orElseThrow(), file);
      if (copied instanceof FetchedChunk.Good) {
        AtomicFile.force(file);
      }
      return copied;
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  /** What an earlier run kept of a chunk. */
  private FetchedChunk kept(ChunkEntry chunk) {
    Path file = spool.resolve(chunk.fileName());
    try {
      boolean good =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && Digest.ofFile(file).equals(chunk.wireDigest());
      return good ? new FetchedChunk.Good(chunk, 0, file, true) : new FetchedChunk.Absent(chunk);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  private static FetchedChunk check(ChunkEntry chunk, Path file) throws IOException {
    Digest actual = Digest.ofFile(file);
    return actual.equals(chunk.wireDigest())
        ? new FetchedChunk.Good(chunk, chunk.wireBytes(), file, false)
        : new FetchedChunk.Bad(chunk, chunk.wireBytes(), differs(chunk, actual));
  }

  private FetchedChunk fetch(ChunkEntry chunk, String path, Path file) throws IOException {
    long fetched = 0;
    Digest actual = chunk.wireDigest();
    for (int attempt = 0; attempt < 2; attempt++) {
      AtomicLong now = new AtomicLong();
      actual = fetchRest(chunk, path, file, now);
      fetched += now.get();
      if (actual.equals(chunk.wireDigest())) {
        return new FetchedChunk.Good(chunk, fetched, file, true);
      }
      Files.delete(file);
    }
    return new FetchedChunk.Bad(chunk, fetched, differs(chunk, actual));
  }

  private Digest fetchRest(ChunkEntry chunk, String path, Path file, AtomicLong fetched)
      throws IOException {
    MessageDigest sha256 = Digest.newSha256();
    try (FileChannel out =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (out.size() > chunk.wireBytes()) {
        out.truncate(0);
      }
      long from = digest(out, sha256);
      store.read(
          path,
          from,
          chunk.wireBytes() - from,
          (content, offset, length) -> {
            ByteBuffer buffer = ByteBuffer.wrap(content, offset, length);
            while (buffer.hasRemaining()) {
              out.write(buffer);
            }
            sha256.update(content, offset, length);
            fetched.addAndGet(length);
          });
    }
    return Digest.of(sha256.digest());
  }

  /** Takes what is there into the digest, and leaves the channel at its end. */
  private static long digest(FileChannel in, MessageDigest sha256) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      sha256.update(buffer.flip());
      buffer.clear();
    }
    return in.position();
  }

  private static String differs(ChunkEntry chunk, Digest actual) {
    return "its digest is %s instead of %s".formatted(actual, chunk.wireDigest());
  }
}
