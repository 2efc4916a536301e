package io.milvusferry.migration.live;

import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Staging;
import io.milvusferry.importer.TargetNames;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.migration.Migration;
import io.milvusferry.migration.MigrationRequest;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Fills collections from the source itself, server to server. Rows are not compared here: that is
 * what the phase after catching up is for.
 */
public final class DirectBackfill implements Backfill {
  private final Migration migration;
  private final LiveSetup setup;
  private final Staging staging;
  private final Throttle readLimit;
  private final int readers;
  private final String createdBy;
  private final InstantSource clock;
  private final ProgressSink progress;

  /**
   * @param staging a directory that the target reads, or none
   * @param readLimit bytes a second over all reads of the source
   * @param readers slices of the source that are read at once
   * @param createdBy product, version and commit
   */
  public DirectBackfill(
      Migration migration,
      LiveSetup setup,
      Staging staging,
      Throttle readLimit,
      int readers,
      String createdBy,
      InstantSource clock,
      ProgressSink progress) {
    this.migration = migration;
    this.setup = setup;
    this.staging = staging;
    this.readLimit = readLimit;
    this.readers = readers;
    this.createdBy = createdBy;
    this.clock = clock;
    this.progress = progress;
  }

  @Override
  public void fill(CollectionName collection, MirrorStatus mirror) {
    migration
        .migrate(
            new MigrationRequest(
                setup.source(),
                setup.gateway().status().source(),
                setup.target(),
                setup.gateway().status().target(),
                backfillDirectory(setup.directory()),
                new NameFilter(List.of(collection.toString()), List.of()),
                Excerpt.ALL,
                TargetNames.SAME,
                staging,
                OnExisting.FAIL,
                AutoId.KEEP_KEYS,
                false,
                false,
                false,
                readLimit,
                readers,
                1,
                false,
                createdBy,
                clock,
                progress))
        .failure()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** Where journals of backfills lie in a gateway's state directory. */
  static Path backfillDirectory(Path directory) {
    return directory.resolve("backfill");
  }
}
