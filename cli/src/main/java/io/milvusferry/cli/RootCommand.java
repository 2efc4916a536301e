package io.milvusferry.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code ferry} without a command: says which there are. */
@Command(
    name = "ferry",
    description =
        "Moves Milvus collections across an air gap or an ocean, and proves that they arrived.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = RootCommand.Version.class,
    footer = {
      "",
      "Run ferry help COMMAND for its options, ferry help exit-codes for its statuses."
    })
final class RootCommand {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print which build this is.")
  boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  /** Which build this is. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {ProductVersion.current().toString()};
    }
  }
}
