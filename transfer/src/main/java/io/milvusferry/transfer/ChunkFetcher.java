package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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
  private final RemoteBundle remote;
  private final Path spool;

  ChunkFetcher(RemoteStore store, RemoteBundle remote, Path spool) {
    this.store = store;
    this.remote = remote;
    this.spool = spool;
  }

  /** Fetches a chunk; one that does not match is fetched once more before it is called bad. */
  FetchedChunk fetch(ChunkEntry chunk) {
    String path = remote.path(chunk.fileName());
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
