package io.milvusferry.importer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.parity.SampledSearch;
import io.milvusferry.parquet.ArchiveRowSource;
import io.milvusferry.parquet.ParquetCodec;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.verify.ArchiveVerifier;
import io.milvusferry.verify.KnownFingerprints;
import io.milvusferry.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An archive on disk, every byte of which was found to be what was sealed. */
final class SealedArchive implements ArchiveContents {
  private final Archive archive;
  private final ParquetCodec codec = new ParquetCodec();

  private SealedArchive(Archive archive) {
    this.archive = archive;
  }

  /**
   * Verifies an archive, then opens it.
   *
   * @param origin whose signature it must bear
   * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED}, and what {@link ArchiveVerifier} and
   *     {@link Archive} throw
   */
  static SealedArchive openVerified(Path root, OriginCheck origin, ProgressSink progress) {
    Path real = real(root);
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()));
    try {
      VerificationReport report = new ArchiveVerifier(pool, progress, origin).verify(real);
      report.requireValid(
          root,
          "nothing was written",
          "Run ferry verify to see everything that is wrong, and fetch the archive again.");
      Archive archive = Archive.open(real);
      if (!archive.id().equals(report.archiveId())) {
        throw new FerryException(
            ErrorCode.ARCHIVE_DAMAGED,
            "the seal of %s changed while it was verified".formatted(root),
            "Leave the archive alone while it is imported.",
            null);
      }
      if (!(report.origin() instanceof Origin.Unsigned)) {
        progress.notice("%s is %s".formatted(root, report.origin().words()));
      }
      return new SealedArchive(archive);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Without links, as another process must find it. */
  private static Path real(Path root) {
    try {
      return root.toRealPath();
    } catch (java.nio.file.NoSuchFileException absent) {
      return root.toAbsolutePath();
    } catch (IOException e) {
      throw LocalFailure.of(e, root);
    }
  }

  @Override
  public Digest id() {
    return archive.id();
  }

  @Override
  public Manifest manifest() {
    return archive.manifest();
  }

  @Override
  public Path file(PartEntry part) {
    return archive.layout().resolve(part.path());
  }

  @Override
  public BatchCursor open(CollectionEntry entry, PartEntry part) {
    return codec.openPart(file(part), entry.description().schema().rowFields(), KeyRange.ALL);
  }

  /** A part of foreign make is read as a whole. */
  @Override
  public void requireSound(CollectionEntry entry, PartEntry part) {
    if (codec.isOwn(file(part), entry.description().schema().rowFields())) {
      return;
    }
    try (BatchCursor rows = open(entry, part)) {
      for (@Nullable RecordBatch batch = rows.next(); batch != null; batch = rows.next()) {
        // Values are checked as they are read.
      }
    }
  }

  @Override
  public RowSource rows(CollectionEntry entry) {
    return new ArchiveRowSource(codec, archive.layout(), entry);
  }

  @Override
  public Optional<KnownFingerprints> known(CollectionEntry entry) {
    return Optional.of(KnownFingerprints.of(archive, entry));
  }

  @Override
  public List<SampledSearch> searches(CollectionEntry entry) {
    return archive.searches(entry);
  }
}
