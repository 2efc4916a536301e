package io.milvusferry.transfer;

import io.milvusferry.transfer.bundle.ChunkEntry;

/** What became of one chunk of a bundle that was shipped. */
public sealed interface ChunkOutcome {
  /** The chunk as the index lists it. */
  ChunkEntry chunk();

  /** Bytes of this chunk that were acknowledged in this run. */
  long bytesSent();

  /**
   * The chunk was sent, from {@code offset} on where an earlier run had left a prefix of it.
   *
   * @param compared whether the other side has computed its digest, and it is the right one
   */
  record Sent(ChunkEntry chunk, long offset, long bytesSent, boolean compared)
      implements ChunkOutcome {}

  /** The chunk lay in an earlier bundle there, and got a second name. */
  record Linked(ChunkEntry chunk) implements ChunkOutcome {
    @Override
    public long bytesSent() {
      return 0;
    }
  }

  /** The chunk was there already. */
  record AlreadyPresent(ChunkEntry chunk) implements ChunkOutcome {
    @Override
    public long bytesSent() {
      return 0;
    }
  }
}
