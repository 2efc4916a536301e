package io.milvusferry.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much is done at once. */
final class JobsOption {
  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Work on so many things at once; default: as many as there are processors.")
  @Nullable PositiveNumber jobs;

  int count() {
    PositiveNumber chosen = jobs;
    return chosen == null
        ? Math.max(1, Runtime.getRuntime().availableProcessors())
        : chosen.value();
  }
}
