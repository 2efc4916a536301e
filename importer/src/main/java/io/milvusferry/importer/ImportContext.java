package io.milvusferry.importer;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.progress.ProgressSink;
import java.time.InstantSource;

/**
 * What the steps of an import share.
 *
 * @param times of the collection at hand
 */
record ImportContext(
    MilvusServer server,
    ArchiveContents archive,
    ImportJournal journal,
    ImportLimits limits,
    InstantSource clock,
    Pause pause,
    ProgressSink progress,
    StageTimes times,
    TargetShare share) {

  /** The same for another collection. */
  ImportContext withTimes(StageTimes other) {
    return new ImportContext(
        server, archive, journal, limits, clock, pause, progress, other, share);
  }
}
