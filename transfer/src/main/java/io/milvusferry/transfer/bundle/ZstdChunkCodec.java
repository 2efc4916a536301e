package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.io.InputStream;

/**
 * Plain zstd, level 1, one frame for each mebibyte, with checksums: what any {@code zstd -d} reads.
 */
final class ZstdChunkCodec implements ChunkCodec {
  /** A frame may not ask for more memory than 2 to this power. */
  private static final int LARGEST_WINDOW = 27;

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public String release() {
    return "zstd-" + ZstdVersion.VERSION;
  }

  @Override
  public InputStream encode(InputStream raw) {
    return new ZstdFrames(raw);
  }

  @Override
  public InputStream decode(InputStream wire) throws IOException {
    ZstdInputStream in = new ZstdInputStream(wire);
    in.setLongMax(LARGEST_WINDOW);
    return in;
  }
}
