package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.InputStream;

/**
 * Blocks of 256 KiB, each in the form that a trial on a sample of it found best. See {@code
 * docs/format/bundle-v1.md}.
 */
final class BlockChunkCodec implements ChunkCodec {
  /** Raw bytes of a block that this build writes; the last one of a chunk may be shorter. */
  static final int BLOCK = 1 << 18;

  /** Raw bytes of a block, at most, whoever wrote it. */
  static final int MOST_BLOCK = 1 << 20;

  /** Form, raw length, wire length, CRC32C of the raw bytes; four bytes each, little-endian. */
  static final int HEADER = 16;

  @Override
  public String name() {
    return "blocks";
  }

  @Override
  public String release() {
    return "blocks-1-zstd-" + ZstdVersion.VERSION;
  }

  @Override
  public InputStream encode(InputStream raw) {
    return new BlockEncoder(raw);
  }

  @Override
  public InputStream decode(InputStream wire) {
    return new BlockDecoder(wire);
  }
}
