package io.milvusferry.transfer;

import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.ChunkCodec;
import io.milvusferry.transfer.bundle.ChunkPlan;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Chunks that everybody can open. */
record OpenPacking(ChunkCodec made) implements Packing {
  @Override
  public String codec() {
    return made.name();
  }

  @Override
  public boolean encrypts() {
    return false;
  }

  @Override
  public boolean keepsBytes() {
    return made.keepsBytes();
  }

  @Override
  public String release() {
    return made.release();
  }

  @Override
  public boolean keeps(String release) {
    return !EncryptedPacking.isRelease(release);
  }

  @Override
  public InputStream pack(ChunkPlan plan, InputStream raw) throws IOException {
    return made.encode(raw);
  }

  @Override
  public IndexFiles index(BundleIndex index) {
    return new IndexFiles(index, Optional.empty());
  }

  @Override
  public void finish() {
    // Nothing was kept for it.
  }
}
