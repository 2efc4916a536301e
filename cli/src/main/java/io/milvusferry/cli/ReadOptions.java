package io.milvusferry.cli;

import io.milvusferry.progress.Throttle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a server is read. */
final class ReadOptions {
  @Option(
      names = "--load",
      description = "Load released collections for the time; undone also after a crash.")
  boolean load;

  @Option(
      names = "--temporary-index",
      description =
          "Index collections that have no index, and load them, for the time; undone also after a"
              + " crash.")
  boolean temporaryIndex;

  @Option(
      names = "--read-limit",
      paramLabel = "SIZE",
      description = "Read at most so many bytes a second, such as 50M, to spare live search.")
  @Nullable Rate readLimit;

  Throttle throttle() {
    return Rate.throttle(readLimit);
  }
}
