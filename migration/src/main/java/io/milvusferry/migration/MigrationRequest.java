package io.milvusferry.migration;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Staging;
import io.milvusferry.importer.TargetNames;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What to move from which server into which, and how.
 *
 * @param sourceId tells one source from another; the same for each run against the same server
 * @param targetId tells one target from another
 * @param stateDirectory where journals lie, below {@code migrate/}, and parts on their way where
 *     there is no staging directory
 * @param selection by the names at the source
 * @param excerpt which part of each collection
 * @param names which name each collection gets at the target
 * @param staging a directory that the target reads, or none; never in place, as no archive lies
 *     anywhere
 * @param strict whether what the target cannot keep is refused instead of declared
 * @param load load collections that are released at the source, for the time
 * @param temporaryIndex index collections that have no index at the source, for the time
 * @param readLimit bytes a second over all reads of the source
 * @param readers slices of the source that are read at once, over all collections
 * @param jobs collections at once, at least 1
 * @param compare whether to read each target back and prove that it holds the same rows
 * @param createdBy product, version and commit
 */
public record MigrationRequest(
    MilvusServer source,
    String sourceId,
    MilvusServer target,
    String targetId,
    Path stateDirectory,
    NameFilter selection,
    Excerpt excerpt,
    TargetNames names,
    Staging staging,
    OnExisting onExisting,
    AutoId autoId,
    boolean strict,
    boolean load,
    boolean temporaryIndex,
    Throttle readLimit,
    int readers,
    int jobs,
    boolean compare,
    String createdBy,
    InstantSource clock,
    ProgressSink progress) {
  public MigrationRequest {
    if (jobs < 1 || readers < 1) {
      throw new IllegalArgumentException("%d jobs with %d readers".formatted(jobs, readers));
    }
  }
}
