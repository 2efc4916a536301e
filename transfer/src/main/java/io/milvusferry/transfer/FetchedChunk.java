package io.milvusferry.transfer;

import io.milvusferry.transfer.bundle.ChunkEntry;
import java.nio.file.Path;

/** What became of fetching one chunk. */
sealed interface FetchedChunk {
  ChunkEntry chunk();

  /** Wire bytes that were fetched for it in this run. */
  long bytesFetched();

  /**
   * The wire bytes are what the index says.
   *
   * @param file where they lie on this machine
   * @param spooled whether that file is ours to remove
   */
  record Good(ChunkEntry chunk, long bytesFetched, Path file, boolean spooled)
      implements FetchedChunk {}

  /** The wire bytes are not what the index says. */
  record Bad(ChunkEntry chunk, long bytesFetched, String problem) implements FetchedChunk {}

  /** The chunk lies on a volume that is not here, and was not kept from an earlier run. */
  record Absent(ChunkEntry chunk) implements FetchedChunk {
    @Override
    public long bytesFetched() {
      return 0;
    }
  }
}
