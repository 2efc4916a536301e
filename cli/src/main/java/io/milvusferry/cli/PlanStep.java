package io.milvusferry.cli;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.importer.ImportRequest;
import io.milvusferry.importer.Publish;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import java.nio.file.Path;
import java.util.function.Function;

/** A look at what an import would meet, with the same request as the import itself. */
record PlanStep(
    Session session,
    CommonOptions common,
    Path archive,
    String into,
    NameFilter selection,
    PlanOptions options,
    Publish publish,
    VerifyWithOption origin) {

  /** Connects, plans and disconnects. */
  PlanReport report(ProgressSink progress) {
    return new PlanReport(
        archive,
        withRequest(
            false,
            progress,
            request -> session.entryPoints().planImport(request, session.surroundings().clock())));
  }

  /** Does something with the request to import, connected. */
  <T> T withRequest(boolean compare, ProgressSink progress, Function<ImportRequest, T> action) {
    Servers servers = new Servers(session, common);
    OriginCheck check = origin.check(session);
    try (MilvusServer server = servers.target(into)) {
      session.console().message("check      Milvus " + server.info().version());
      return action.apply(
          new ImportRequest(
              archive,
              server,
              servers.id(into),
              session.surroundings().stateDirectory(),
              selection,
              options.names(),
              options.staging,
              options.onExisting,
              publish,
              options.autoId,
              options.strict,
              compare,
              check,
              progress));
    }
  }
}
