package io.milvusferry.migration;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.exporter.CollectionReading;
import io.milvusferry.importer.ArchiveContents;
import io.milvusferry.importer.PartFeed;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.DatabaseEntry;
import io.milvusferry.manifest.FormatVersion;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.SourceInfo;
import io.milvusferry.parquet.ParquetCodec;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RowSource;
import io.milvusferry.verify.KnownFingerprints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One collection of a server as contents for the importer: its parts exist from the moment they are
 * read until their rows are at the target.
 */
final class MovingCollection implements ArchiveContents {
  private final CollectionReading reading;
  private final String moveId;
  private final SourceInfo source;
  private final DatabaseEntry database;
  private final String createdBy;
  private final Instant createdAt;
  private final ProgressSink progress;
  private final ParquetCodec codec = new ParquetCodec();

  /**
   * @param database that of the collection at the source
   */
  MovingCollection(
      CollectionReading reading, String moveId, MigrationRequest request, DatabaseEntry database) {
    this.database = database;
    this.reading = reading;
    this.moveId = moveId;
    this.source = request.source().info();
    this.createdBy = request.createdBy();
    this.createdAt = Instant.ofEpochSecond(request.clock().instant().getEpochSecond());
    this.progress = request.progress();
  }

  @Override
  public Digest id() {
    return Digest.ofContent(moveId.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Manifest manifest() {
    CollectionEntry entry = reading.entry();
    return new Manifest(
        FormatVersion.CURRENT,
        List.of(),
        createdAt,
        createdBy,
        moveId,
        source,
        entry.consistency(),
        List.of(database),
        List.of(entry));
  }

  @Override
  public Path file(PartEntry part) {
    Path file = reading.file(part).toAbsolutePath();
    if (!Files.exists(file)) {
      throw new FerryException(
          ErrorCode.PART_UNREADABLE,
          "%s, which an earlier run of this migration read, is gone".formatted(file),
          "Migrate the collection anew with --on-existing replace.",
          null);
    }
    return file;
  }

  @Override
  public BatchCursor open(CollectionEntry entry, PartEntry part) {
    return codec.openPart(file(part), entry.description().schema().rowFields(), KeyRange.ALL);
  }

  /** The rows as the source has them now. */
  @Override
  public RowSource rows(CollectionEntry entry) {
    return reading.rows();
  }

  /** What was read, as long as the source stood still; else it must be read again to compare. */
  @Override
  public Optional<KnownFingerprints> known(CollectionEntry entry) {
    List<String> changes = reading.changes();
    if (changes.isEmpty()) {
      return Optional.of(reading.known());
    }
    progress.notice(
        "%s: the source is read again to compare: %s"
            .formatted(entry.name(), String.join("; ", changes)));
    return Optional.empty();
  }

  @Override
  public boolean growing() {
    return true;
  }

  @Override
  public PartFeed feed(CollectionEntry entry, Predicate<PartEntry> untouched) {
    List<PartEntry> earlier = reading.entry().parts();
    boolean lost = earlier.stream().anyMatch(part -> !Files.exists(reading.file(part)));
    if (lost && earlier.stream().allMatch(untouched)) {
      reading.startOver();
      earlier = List.of();
    }
    earlier.stream().filter(untouched).forEach(this::requireIntact);
    return new PartQueue(reading, earlier, entry.name().toString());
  }

  /** The machine may have lost power since an earlier run wrote the part. */
  private void requireIntact(PartEntry part) {
    Path file = file(part);
    try {
      if (!Digest.ofFile(file).equals(part.digest())) {
        throw new FerryException(
            ErrorCode.PART_UNREADABLE,
            "%s is not what an earlier run of this migration wrote".formatted(file),
            "Migrate the collection anew with --on-existing replace; the disk may be failing.",
            null);
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  @Override
  public CollectionEntry whole(CollectionEntry entry) {
    return reading.entry();
  }

  @Override
  public void loaded(PartEntry part) {
    try {
      Files.deleteIfExists(reading.file(part));
    } catch (IOException e) {
      throw LocalFailure.of(e, reading.file(part));
    }
  }
}
