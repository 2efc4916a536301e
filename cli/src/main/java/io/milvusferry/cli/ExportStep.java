package io.milvusferry.cli;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.exporter.ExportListener;
import io.milvusferry.exporter.ExportRequest;
import io.milvusferry.exporter.ExportResult;
import io.milvusferry.exporter.Reader;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.storage.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;

/** An export as {@code export} and {@code send} start it. */
record ExportStep(
    Session session,
    CommonOptions common,
    String from,
    Path to,
    NameFilter selection,
    Excerpt excerpt,
    ReadOptions reading,
    ReaderOption readerOption,
    SigningOptions signing,
    int jobs) {

  /** Connects, exports and disconnects. */
  ExportReport report(ProgressSink progress) {
    return report(ExportListener.NONE, progress);
  }

  /** The same, while somebody hears of each part. */
  ExportReport report(ExportListener listener, ProgressSink progress) {
    return new ExportReport(to, run(listener, progress));
  }

  private ExportResult run(ExportListener listener, ProgressSink progress) {
    Servers servers = new Servers(session, common);
    Throttle limit = reading.throttle();
    Optional<SigningKey> signer = signing.key(session, common);
    Optional<ObjectStore> storage =
        readerOption.takesStorage() ? servers.storage(from) : Optional.empty();
    try (MilvusServer server = servers.source(from)) {
      Reader reader = readerOption.reader(from, storage);
      session.console().message("check      Milvus " + server.info().version());
      return session
          .entryPoints()
          .export(
              new ExportRequest(
                  server,
                  servers.id(from),
                  to,
                  selection,
                  excerpt,
                  reader,
                  reading.load,
                  reading.temporaryIndex,
                  limit,
                  jobs,
                  ProductVersion.current().toString(),
                  signer,
                  session.surroundings().clock(),
                  progress),
              listener);
    } finally {
      storage.ifPresent(ObjectStore::close);
    }
  }
}
