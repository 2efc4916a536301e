package io.milvusferry.cli;

import io.milvusferry.importer.Publish;
import picocli.CommandLine.Option;

/** When imported collections are seen. */
final class PublishOption {
  @Option(
      names = "--publish",
      paramLabel = "WAY",
      defaultValue = "direct",
      description =
          "direct: collections have their names from the start. swap: they are loaded under"
              + " temporary names, compared, and take their names when all are done; what had a name"
              + " before is kept as NAME__before_ID until ferry swap drop. Default:"
              + " ${DEFAULT-VALUE}.")
  Publish way = Publish.DIRECT;
}
