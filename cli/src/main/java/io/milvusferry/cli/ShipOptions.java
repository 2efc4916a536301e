package io.milvusferry.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What is shipped, and how it is packed. */
final class ShipOptions {
  @Option(
      names = "--codec",
      paramLabel = "CODEC",
      defaultValue = "zstd",
      description = "Compress what travels with zstd, or not (none); default: ${DEFAULT-VALUE}.")
  Codec codec = Codec.ZSTD;

  @Option(
      names = "--again",
      split = ",",
      paramLabel = "N",
      description = "Send these chunks again, such as 7,12: those that the receiver rejected.")
  List<Integer> again = new ArrayList<>();

  Set<Integer> again() {
    return new HashSet<>(again);
  }

  /** How chunks are compressed. */
  enum Codec {
    ZSTD,
    NONE
  }
}
