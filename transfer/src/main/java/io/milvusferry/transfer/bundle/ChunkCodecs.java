package io.milvusferry.transfer.bundle;

import java.util.List;
import java.util.Optional;

/** The codecs of this build. */
public final class ChunkCodecs {
  private static final List<ChunkCodec> ALL =
      List.of(new BlockChunkCodec(), new ZstdChunkCodec(), new StoredChunkCodec());

  private ChunkCodecs() {}

  /** The codec of that name, if this build has it. */
  public static Optional<ChunkCodec> named(String name) {
    return ALL.stream().filter(codec -> codec.name().equals(name)).findFirst();
  }

  /** All names, the default first. */
  public static List<String> names() {
    return ALL.stream().map(ChunkCodec::name).toList();
  }
}
