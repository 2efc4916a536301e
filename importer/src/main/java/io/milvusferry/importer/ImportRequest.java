package io.milvusferry.importer;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import java.nio.file.Path;

/**
 * What to import, into where, and how.
 *
 * @param archive directory of the archive
 * @param targetId tells one target from another; the same for each run against the same server
 * @param stateDirectory where the journal lies, below {@code import/}
 * @param selection by the names in the archive
 * @param names which name each collection gets at the target
 * @param publish when collections take their names
 * @param strict whether what the target cannot keep is refused instead of declared
 * @param compare whether to read the target back and prove that it holds the same rows
 * @param origin whose signature the archive must bear
 */
public record ImportRequest(
    Path archive,
    MilvusServer target,
    String targetId,
    Path stateDirectory,
    NameFilter selection,
    TargetNames names,
    Staging staging,
    OnExisting onExisting,
    Publish publish,
    AutoId autoId,
    boolean strict,
    boolean compare,
    OriginCheck origin,
    ProgressSink progress) {

  /** The same with another answer to what is there already. */
  ImportRequest withOnExisting(OnExisting other) {
    return new ImportRequest(
        archive,
        target,
        targetId,
        stateDirectory,
        selection,
        names,
        staging,
        other,
        publish,
        autoId,
        strict,
        compare,
        origin,
        progress);
  }
}
