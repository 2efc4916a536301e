package io.milvusferry.cli;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.importer.ImportRequest;
import io.milvusferry.importer.ImportResult;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import java.nio.file.Path;

/** An import as {@code import} and {@code restore} start it. */
record ImportStep(
    Session session,
    CommonOptions common,
    Path archive,
    String into,
    NameFilter selection,
    ImportOptions options) {

  /** Connects, imports, compares and disconnects. */
  ImportReport report(ProgressSink progress) {
    return new ImportReport(archive, into, run(progress));
  }

  /** Whether no collection of the archive is left out. */
  boolean takesAll() {
    return selection.toString().isEmpty();
  }

  private ImportResult run(ProgressSink progress) {
    Servers servers = new Servers(session, common);
    try (MilvusServer server = servers.target(into)) {
      session.console().message("check      Milvus " + server.info().version());
      return session
          .entryPoints()
          .importArchive(
              new ImportRequest(
                  archive,
                  server,
                  servers.id(into),
                  session.surroundings().stateDirectory(),
                  selection,
                  options.rename,
                  options.staging,
                  options.onExisting,
                  options.autoId,
                  !options.noCompare,
                  progress),
              session.surroundings().clock());
    }
  }
}
