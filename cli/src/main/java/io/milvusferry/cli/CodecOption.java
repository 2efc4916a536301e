package io.milvusferry.cli;

import picocli.CommandLine.Option;

/** How what travels is packed. */
final class CodecOption {
  @Option(
      names = "--codec",
      paramLabel = "CODEC",
      defaultValue = "blocks",
      description = {
        "Compress what travels block by block, as suits each (blocks), with plain zstd, which stock"
            + " tools open (zstd), or not (none); default: ${DEFAULT-VALUE}."
      })
  Codec codec = Codec.BLOCKS;

  /** How chunks are compressed. */
  enum Codec {
    BLOCKS,
    ZSTD,
    NONE
  }
}
