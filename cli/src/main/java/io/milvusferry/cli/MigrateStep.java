package io.milvusferry.cli;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.migration.MigrationRequest;
import io.milvusferry.migration.MigrationResult;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import io.milvusferry.verify.ComparisonSettings;
import java.util.Set;

/** A migration as {@code migrate} starts it. */
record MigrateStep(
    Session session,
    CommonOptions common,
    String from,
    String into,
    NameFilter selection,
    Excerpt excerpt,
    ReadOptions reading,
    ImportOptions options,
    int jobs,
    int maxFindings) {

  /** Connects, moves, compares and disconnects. */
  MigrateReport report(ProgressSink progress) {
    return new MigrateReport(from, into, run(progress));
  }

  private MigrationResult run(ProgressSink progress) {
    Servers servers = new Servers(session, common);
    Throttle limit = reading.throttle();
    int processors = Math.max(1, Runtime.getRuntime().availableProcessors());
    try (MilvusServer source = servers.source(from);
        MilvusServer target = servers.target(into)) {
      session
          .console()
          .message(
              "check      Milvus %s into %s"
                  .formatted(source.info().version(), target.info().version()));
      return session
          .entryPoints()
          .migrate(
              new MigrationRequest(
                  source,
                  servers.id(from),
                  target,
                  servers.id(into),
                  session.surroundings().stateDirectory(),
                  selection,
                  excerpt,
                  options.names(),
                  options.staging,
                  options.onExisting,
                  options.autoId,
                  options.strict,
                  reading.load,
                  reading.temporaryIndex,
                  limit,
                  Math.max(processors, jobs),
                  jobs,
                  !options.noCompare,
                  ProductVersion.current().toString(),
                  session.surroundings().clock(),
                  progress),
              new ComparisonSettings(
                  Math.max(1, processors / jobs),
                  maxFindings,
                  Set.of(),
                  session.entryPoints().rereadDelay()));
    }
  }
}
