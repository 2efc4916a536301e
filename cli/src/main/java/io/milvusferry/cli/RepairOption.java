package io.milvusferry.cli;

import io.milvusferry.migration.live.RepairLimit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much a comparison may take away from the side that follows. */
final class RepairOption {
  @Option(
      names = "--max-repairs",
      paramLabel = "N",
      description =
          "Let a round of comparison overwrite or delete up to N rows of the side that follows;"
              + " default: 20, or one row in a thousand.")
  @Nullable PositiveNumber most;

  RepairLimit limit() {
    PositiveNumber given = most;
    return given == null ? RepairLimit.USUAL : RepairLimit.of(given.value());
  }
}
