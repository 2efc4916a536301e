package io.milvusferry.importer;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.DirectoryLock;
import io.milvusferry.verify.ComparisonSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Imports a sealed archive into a target server.
 *
 * <p>The archive is checked byte for byte first, and what is to become of every collection is
 * decided, before anything is written. One import of an archive into a target runs at a time. When
 * it fails or is killed, collections may be there in part; the same request continues them.
 */
public final class Importer {
  private static final int ID_DIGITS = 16;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Pause pause;
  private final ImportLimits limits;
  private final ArchiveOpener opener;
  private final TargetShare share;

  /** Opens an archive and checks every byte of it. */
  @FunctionalInterface
  interface ArchiveOpener {
    /**
     * The archive, after its check.
     *
     * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED} unless it is complete and valid
     */
    ArchiveContents openVerified(Path root, ImportRequest request);
  }

  /** An importer that works with archives on disk, at the pace of real servers. */
  public Importer(InstantSource clock, RandomGenerator random) {
    this(
        clock,
        random,
        Pause.SLEEP,
        ImportLimits.DEFAULT,
        (root, request) -> SealedArchive.openVerified(root, request.origin(), request.progress()));
  }

  /**
   * An importer for contents that grow.
   *
   * @param random used by several threads where imports run at the same time
   * @param pause how time passes between two looks at the server
   * @param comparison how rows are compared; which fields follows from the keys
   */
  public Importer(
      InstantSource clock, RandomGenerator random, Pause pause, ComparisonSettings comparison) {
    this(
        clock,
        random,
        pause,
        ImportLimits.DEFAULT.withComparison(comparison),
        (root, request) -> SealedArchive.openVerified(root, request.origin(), request.progress()));
  }

  Importer(
      InstantSource clock,
      RandomGenerator random,
      Pause pause,
      ImportLimits limits,
      ArchiveOpener opener) {
    this.share = new TargetShare(limits.importsInFlight());
    this.clock = clock;
    this.random = random;
    this.pause = pause;
    this.limits = limits;
    this.opener = opener;
  }

  /**
   * Imports the selected collections and, if asked, compares each with the archive.
   *
   * @return what became of each collection; see {@link ImportResult#failure()}
   * @throws FerryException when nothing was written: the archive is damaged ({@code
   *     ARCHIVE_DAMAGED}), the target holds something else (category {@code CONFLICT}), the server
   *     cannot read the staging place ({@code STAGING_UNREADABLE}), another import runs ({@code
   *     DIRECTORY_LOCKED}); and, whatever was written, when the thread is interrupted
   */
  public ImportResult importArchive(ImportRequest request) {
    Instant start = clock.instant();
    StageTimes times = new StageTimes(clock);
    ArchiveContents archive =
        times.measure(ImportStage.VERIFY, () -> opener.openVerified(request.archive(), request));
    return importContents(archive, request, start, times);
  }

  /**
   * Imports contents that may still grow. Several such imports into one server may run at the same
   * time, each of other contents; they share the bulk imports that one importer has in flight.
   *
   * @param request its archive is where the parts of the contents lie
   * @return as {@link #importArchive}
   * @throws FerryException as {@link #importArchive}
   */
  public ImportResult importContents(ArchiveContents contents, ImportRequest request) {
    return importContents(contents, request, clock.instant(), new StageTimes(clock));
  }

  /**
   * What {@link #importArchive} would do, by the same plan. The archive is checked, and whatever
   * must be asked of the server is asked; collections that are made for that are dropped again, and
   * nothing else is written.
   *
   * @return also where the import would fail before it writes anything; see {@link
   *     PlanResult#failure()}
   * @throws FerryException when no plan can be made: the archive is damaged, the server does not
   *     answer, an import runs
   */
  public PlanResult plan(ImportRequest request) {
    Instant start = clock.instant();
    StageTimes times = new StageTimes(clock);
    ArchiveContents archive =
        times.measure(ImportStage.VERIFY, () -> opener.openVerified(request.archive(), request));
    PlanPreview preview = run(archive, request, times, ImportRun::preview);
    return new PlanResult(
        archive.id(),
        preview.collections(),
        preview.failure(),
        Duration.between(start, clock.instant()));
  }

  private ImportResult importContents(
      ArchiveContents archive, ImportRequest request, Instant start, StageTimes times) {
    List<CollectionResult> results = run(archive, request, times, ImportRun::run);
    return new ImportResult(
        archive.id(), results, times.times(), Duration.between(start, clock.instant()));
  }

  /**
   * Drops or puts back what an import of this archive into this target replaced when its
   * collections took their names. What was done before a failure stays; the same call goes on.
   *
   * @param archiveId the first 16 hexadecimal digits of its id, or more
   * @param targetId as in {@link ImportRequest}
   * @param state as in {@link ImportRequest}
   * @return the names of these collections; none if nothing is kept
   * @throws FerryException {@link ErrorCode#TARGET_CHANGED} where the target is not as the import
   *     left it
   */
  public List<CollectionName> swap(
      SwapAction action, String archiveId, MilvusServer target, String targetId, Path state) {
    Path directory = stateDirectory(state, targetId, archiveId);
    if (!Files.exists(directory)) {
      return List.of();
    }
    return locked(
        directory,
        journal -> {
          Publication publication = new Publication(target, journal, clock, limits.step());
          return action == SwapAction.DROP ? publication.dropKept() : publication.revert();
        });
  }

  private <T> T run(
      ArchiveContents archive,
      ImportRequest request,
      StageTimes times,
      Function<ImportRun, T> what) {
    Path directory =
        stateDirectory(request.stateDirectory(), request.targetId(), archive.id().hex());
    return locked(
        directory,
        journal ->
            what.apply(
                new ImportRun(
                    request,
                    new ImportContext(
                        request.target(),
                        archive,
                        journal,
                        limits,
                        clock,
                        pause,
                        request.progress(),
                        times,
                        share))));
  }

  @SuppressWarnings("try") // the lock is held, not used
  private <T> T locked(Path directory, Function<ImportJournal, T> what) {
    try (DirectoryLock lock = lock(directory);
        ImportJournal journal = ImportJournal.open(directory.resolve("journal"), newId())) {
      return what.apply(journal);
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  private String newId() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }

  private static Path stateDirectory(Path state, String targetId, String archiveId) {
    return state
        .resolve("import")
        .resolve(archiveId.substring(0, ID_DIGITS) + "-" + shortId(targetId));
  }

  /** What journals of imports into a target are named by. */
  static String shortId(String targetId) {
    return Digest.ofContent(targetId.getBytes(StandardCharsets.UTF_8))
        .hex()
        .substring(0, ID_DIGITS);
  }

  private static DirectoryLock lock(Path directory) throws IOException {
    Files.createDirectories(directory);
    return DirectoryLock.take(directory.resolve("lock"));
  }
}
