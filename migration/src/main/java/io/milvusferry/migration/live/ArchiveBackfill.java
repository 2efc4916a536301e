package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.ImportRequest;
import io.milvusferry.importer.Importer;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Publish;
import io.milvusferry.importer.Staging;
import io.milvusferry.importer.TargetNames;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import java.nio.file.Path;
import java.util.List;

/**
 * Fills collections from an archive that was exported after they were mirrored, such as one that
 * was shipped. The archive is proven against the target before the journal is let go.
 */
public final class ArchiveBackfill implements Backfill {
  private final Importer importer;
  private final Path archive;
  private final LiveSetup setup;
  private final Staging staging;
  private final OriginCheck origin;
  private final ProgressSink progress;

  /**
   * @param staging where the target reads the archive's parts, or none
   * @param origin whose signature the archive must bear
   */
  public ArchiveBackfill(
      Importer importer,
      Path archive,
      LiveSetup setup,
      Staging staging,
      OriginCheck origin,
      ProgressSink progress) {
    this.importer = importer;
    this.archive = archive;
    this.setup = setup;
    this.staging = staging;
    this.origin = origin;
    this.progress = progress;
  }

  @Override
  public void fill(CollectionName collection, MirrorStatus mirror) {
    requireYoungEnough(collection, mirror);
    importer
        .importArchive(
            new ImportRequest(
                archive,
                setup.target(),
                setup.gateway().status().target(),
                DirectBackfill.backfillDirectory(setup.directory()),
                new NameFilter(List.of(collection.toString()), List.of()),
                TargetNames.SAME,
                staging,
                OnExisting.FAIL,
                Publish.DIRECT,
                AutoId.KEEP_KEYS,
                false,
                true,
                origin,
                progress))
        .failure()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  private void requireYoungEnough(CollectionName collection, MirrorStatus mirror) {
    CollectionEntry entry =
        Archive.open(archive).manifest().collections().stream()
            .filter(each -> each.name().equals(collection))
            .findFirst()
            .orElseThrow(
                () ->
                    new FerryException(
                        ErrorCode.COLLECTION_NOT_FOUND,
                        "the archive %s holds no %s".formatted(archive, collection),
                        "Export the collection, or select others with --only.",
                        null));
    long read = entry.consistency().timestamp();
    if (read == 0 || mirror.sinceTimestamp() == 0) {
      throw new FerryException(
          ErrorCode.BACKFILL_TOO_OLD,
          "the source gives no timestamps, so that nobody can tell whether %s was read after %s"
                  .formatted(archive, mirror.since())
              + ", when %s was mirrored".formatted(collection),
          "Leave --backfill out to copy directly.",
          null);
    }
    if (read < mirror.sinceTimestamp()) {
      throw new FerryException(
          ErrorCode.BACKFILL_TOO_OLD,
          "%s read %s at timestamp %d, before it was mirrored at %d"
              .formatted(archive, collection, read, mirror.sinceTimestamp()),
          "Export it anew, now that it is mirrored, and run the same command again.",
          null);
    }
  }
}
