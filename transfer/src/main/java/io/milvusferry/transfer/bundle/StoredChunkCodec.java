package io.milvusferry.transfer.bundle;

import java.io.InputStream;

/** Leaves a chunk as it is. */
final class StoredChunkCodec implements ChunkCodec {
  @Override
  public String name() {
    return "none";
  }

  @Override
  public String release() {
    return "none";
  }

  @Override
  public boolean keepsBytes() {
    return true;
  }

  @Override
  public InputStream encode(InputStream raw) {
    return raw;
  }

  @Override
  public InputStream decode(InputStream wire) {
    return wire;
  }
}
