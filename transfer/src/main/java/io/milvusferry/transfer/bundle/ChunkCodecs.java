package io.milvusferry.transfer.bundle;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
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

  /**
   * The codec of that name.
   *
   * @throws FerryException {@link ErrorCode#USAGE} if this build has none
   */
  public static ChunkCodec required(String name) {
    return named(name)
        .orElseThrow(
            () ->
                new FerryException(
                    ErrorCode.USAGE,
                    "there is no codec '%s'".formatted(name),
                    "Use one of %s.".formatted(String.join(", ", names())),
                    null));
  }

  /** All names, the default first. */
  public static List<String> names() {
    return ALL.stream().map(ChunkCodec::name).toList();
  }
}
