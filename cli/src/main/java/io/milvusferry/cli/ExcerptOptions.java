package io.milvusferry.cli;

import io.milvusferry.manifest.Excerpt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which part of each collection. */
final class ExcerptOptions {
  @Option(
      names = "--partitions",
      split = ",",
      paramLabel = "NAME",
      description = "Take the rows of these partitions only, as NAME,NAME; may be repeated.")
  List<String> partitions = new ArrayList<>();

  @Option(
      names = "--fields",
      split = ",",
      paramLabel = "NAME",
      description =
          "Take these fields only, $$meta for the dynamic one; the primary key and the partition"
              + " key are taken always.")
  List<String> fields = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "EXPR",
      description = "Take rows that match a filter in Milvus' grammar, such as 'price > 3'.")
  String where = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take at most so many rows of a collection, the first by partition and key.")
  @Nullable PositiveNumber limit;

  @Option(names = "--schema-only", description = "Take no rows; nothing need be loaded.")
  boolean schemaOnly;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set before the command runs
  CommandSpec command;

  /**
   * The excerpt that they make.
   *
   * @throws CommandLine.ParameterException where they contradict each other
   */
  Excerpt excerpt() {
    PositiveNumber most = limit;
    if (schemaOnly && (most != null || !where.isEmpty())) {
      throw new CommandLine.ParameterException(
          command.commandLine(),
          "--schema-only takes no rows, so --limit and --where mean nothing");
    }
    return new Excerpt(
        partitions, fields, where, schemaOnly ? 0 : most == null ? Long.MAX_VALUE : most.value());
  }
}
