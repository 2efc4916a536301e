package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.remote.RemoteStore;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Fetches some of the chunks again before the bundle is published, and compares their digests: what
 * a server has acknowledged is not always what it gives back.
 */
final class ReadBack {
  private final RemoteStore store;
  private final RemoteBundle remote;
  private final int atOnce;
  private final ProgressSink progress;

  ReadBack(RemoteStore store, RemoteBundle remote, int atOnce, ProgressSink progress) {
    this.store = store;
    this.remote = remote;
    this.atOnce = atOnce;
    this.progress = progress;
  }

  /**
   * The chunks to read: at least one if there is a share at all, and the same for the same archive.
   *
   * @param share of all chunks, 0 to 1
   */
  static List<ChunkEntry> sample(BundleIndex index, double share) {
    long wanted = (long) Math.ceil(share * index.chunks().size());
    return index.chunks().stream()
        .sorted(Comparator.comparing(chunk -> lot(index, chunk)))
        .limit(wanted)
        .toList();
  }

  private static String lot(BundleIndex index, ChunkEntry chunk) {
    String words = index.archiveId().hex() + " " + chunk.index();
    return Digest.ofContent(words.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * Reads them.
   *
   * @throws FerryException {@link ErrorCode#REMOTE_DIFFERS} when one is not what was sent; it is
   *     put aside there, so that the next run sends it again
   */
  void check(List<ChunkEntry> chunks) {
    if (chunks.isEmpty()) {
      return;
    }
    String task = "read back " + remote.directory();
    progress.started(task, -1, chunks.stream().mapToLong(ChunkEntry::wireBytes).sum());
    new ChunkWorkers(atOnce)
        .run(
            chunks,
            chunk -> {
              check(chunk);
              progress.advanced(task, 0, chunk.wireBytes());
              return chunk;
            });
    progress.finished(task);
  }

  private void check(ChunkEntry chunk) {
    Digest found = remote.digest(store, chunk);
    if (!found.equals(chunk.wireDigest())) {
      store.reject(remote.path(chunk.fileName()));
      throw new FerryException(
          ErrorCode.REMOTE_DIFFERS,
          "the server acknowledged %s, and gives back something else: digest %s instead of %s"
              .formatted(chunk.fileName(), found, chunk.wireDigest()),
          "It is put aside there; run the same command again, with a larger --read-back, and have"
              + " the server's disk and memory looked at.",
          null);
    }
  }
}
