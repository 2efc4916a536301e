package io.milvusferry.cli;

import picocli.CommandLine.Option;

/** The server that an archive goes into. */
final class IntoOption {
  @Option(
      names = "--into",
      required = true,
      paramLabel = "DST",
      description = "The server: http://host:19530, https://…, or a profile.")
  String server = "";
}
