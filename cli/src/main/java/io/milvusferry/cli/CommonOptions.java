package io.milvusferry.cli;

import io.milvusferry.cli.output.ProgressStyle;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command understands. */
final class CommonOptions {
  @Option(
      names = "--json",
      description = "Print JSON Lines on standard output; the last one is the result.")
  boolean json;

  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      defaultValue = "auto",
      description = "Show progress as auto, bar, plain, json or none; default: ${DEFAULT-VALUE}.")
  ProgressStyle progress = ProgressStyle.AUTO;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read this configuration instead of ./ferry.yaml.")
  @Nullable Path config;

  @Option(names = "--verbose", description = "Log more, to standard error.")
  boolean verbose;

  @Option(names = "--stacktrace", description = "Print the stack trace of a failure.")
  boolean stacktrace;

  @Option(names = "--no-color", description = "Print without colours.")
  boolean noColor;

  @Option(
      names = "--secret-mode",
      paramLabel = "MODE",
      defaultValue = "private",
      description =
          "Take secret files that others can read (any), or refuse them (private); default:"
              + " ${DEFAULT-VALUE}.")
  SecretMode secretMode = SecretMode.PRIVATE;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  /** Which secret files are taken. */
  enum SecretMode {
    PRIVATE,
    ANY
  }
}
