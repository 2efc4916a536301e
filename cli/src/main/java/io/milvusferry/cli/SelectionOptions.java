package io.milvusferry.cli;

import io.milvusferry.manifest.NameFilter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which collections. */
final class SelectionOptions {
  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Take only collections like shop.* or products; may be repeated.")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--skip",
      paramLabel = "GLOB",
      description = "Leave such collections out; may be repeated.")
  List<String> skip = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set before the command runs
  CommandSpec command;

  /**
   * The filter that they make.
   *
   * @throws CommandLine.ParameterException for a glob that cannot be read
   */
  NameFilter filter() {
    try {
      return new NameFilter(only, skip);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
