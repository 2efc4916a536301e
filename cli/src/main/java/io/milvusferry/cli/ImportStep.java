package io.milvusferry.cli;

import io.milvusferry.importer.ImportResult;
import io.milvusferry.importer.Publish;
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
    ImportOptions options,
    Publish publish,
    VerifyWithOption origin) {

  /** Connects, imports, compares and disconnects. */
  ImportReport report(ProgressSink progress) {
    return new ImportReport(archive, into, run(progress));
  }

  /** Whether no collection of the archive is left out. */
  boolean takesAll() {
    return selection.toString().isEmpty();
  }

  private ImportResult run(ProgressSink progress) {
    return new PlanStep(session, common, archive, into, selection, options, publish, origin)
        .withRequest(
            !options.noCompare,
            progress,
            request ->
                session.entryPoints().importArchive(request, session.surroundings().clock()));
  }
}
