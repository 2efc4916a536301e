package io.milvusferry.cli;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.importer.SwapAction;
import io.milvusferry.progress.ProgressSink;
import java.nio.file.Path;

/** A step after a swap, connected. */
record SwapStep(Session session, CommonOptions common, Path archive, String into) {
  SwapReport report(SwapAction action, ProgressSink progress) {
    Servers servers = new Servers(session, common);
    try (MilvusServer server = servers.target(into)) {
      session.console().message("check      Milvus " + server.info().version());
      return new SwapReport(
          action,
          session
              .entryPoints()
              .swap(
                  action,
                  archive,
                  server,
                  servers.id(into),
                  session.surroundings().stateDirectory(),
                  session.surroundings().clock(),
                  progress));
    }
  }
}
