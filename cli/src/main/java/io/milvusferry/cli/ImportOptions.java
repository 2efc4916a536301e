package io.milvusferry.cli;

import picocli.CommandLine.Option;

/** How an archive is imported. */
final class ImportOptions extends PlanOptions {
  @Option(
      names = "--no-compare",
      description = "Do not read the target back; then nothing is proven.")
  boolean noCompare;
}
