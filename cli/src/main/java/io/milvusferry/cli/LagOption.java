package io.milvusferry.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** From which lag on it is not safe to go on. */
final class LagOption {
  @Option(
      names = "--max-lag-time",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "How old a write may be that the target lacks; default: ${DEFAULT-VALUE}.")
  TimeSpan limit = TimeSpan.parse("5s");

  Duration limit() {
    return limit.duration();
  }
}
