package io.milvusferry.cli;

import picocli.CommandLine.Option;

/** How what travels is packed. */
final class CodecOption {
  @Option(
      names = "--codec",
      paramLabel = "CODEC",
      defaultValue = "zstd",
      description = "Compress what travels with zstd, or not (none); default: ${DEFAULT-VALUE}.")
  Codec codec = Codec.ZSTD;

  /** How chunks are compressed. */
  enum Codec {
    ZSTD,
    NONE
  }
}
