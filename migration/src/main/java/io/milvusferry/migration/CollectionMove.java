package io.milvusferry.migration;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.exporter.CollectionReading;
import io.milvusferry.exporter.ExportRequest;
import io.milvusferry.exporter.Reader;
import io.milvusferry.importer.CollectionResult;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.importer.ImportRequest;
import io.milvusferry.importer.ImportResult;
import io.milvusferry.importer.Importer;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Proof;
import io.milvusferry.importer.Publish;
import io.milvusferry.importer.TargetNames;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.DatabaseEntry;
import io.milvusferry.manifest.DirectoryLock;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.signature.OriginCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Moves one collection. Killed at any moment, the same move goes on where its journals say; what it
 * did to the source for the time is taken back.
 */
final class CollectionMove {
  /** The size of rows at which parts end: large enough for a bulk import to be worth its cost. */
  static final long PART_BYTES = 64L << 20;

  private final MigrationRequest request;
  private final Importer importer;
  private final RandomGenerator random;
  private final CollectionName source;
  private final CollectionName target;

  CollectionMove(
      MigrationRequest request,
      Importer importer,
      RandomGenerator random,
      CollectionName source,
      CollectionName target) {
    this.request = request;
    this.importer = importer;
    this.random = random;
    this.source = source;
    this.target = target;
  }

  /**
   * About how many bytes are to be moved, to begin with the largest. 0 where nobody knows: then it
   * goes last, and says by itself what is wrong.
   */
  long size() {
    try {
      CollectionSource rows = request.source().source(source).only(request.excerpt());
      return rows.loadState() == LoadState.LOADED
          ? rows.estimatedBytes()
          : rows.segments().orElse(List.of()).stream().mapToLong(SegmentState::rows).sum();
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      return 0;
    }
  }

  /** Never throws a {@link FerryException} but for an interrupt: a failure is in the result. */
  MoveResult run() {
    Instant start = request.clock().instant();
    try {
      return locked(start);
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      return failed(start, e);
    }
  }

  @SuppressWarnings("try") // the lock is held, not used
  private MoveResult locked(Instant start) {
    Path directory = MovePlace.directory(request, source, target);
    try {
      Files.createDirectories(directory);
      try (DirectoryLock lock = DirectoryLock.take(directory.resolve("lock"))) {
        return move(start, place(directory));
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  private MovePlace place(Path directory) {
    MovePlace place = MovePlace.open(directory, request.staging(), random);
    boolean anew =
        place.state() == MovePlace.State.SPOILED
            || (place.state() == MovePlace.State.DONE
                && request.onExisting() == OnExisting.REPLACE);
    return anew ? place.restart(request.staging(), random) : place;
  }

  private MoveResult move(Instant start, MovePlace place) {
    int readers = Math.max(1, request.readers() / request.jobs());
    ExportRequest read =
        new ExportRequest(
            request.source(),
            request.sourceId(),
            place.parts(),
            NameFilter.ALL,
            request.excerpt(),
            Reader.API,
            request.load(),
            request.temporaryIndex(),
            request.readLimit(),
            readers,
            request.createdBy(),
            Optional.empty(),
            request.clock(),
            request.progress());
    try (CollectionReading reading =
        CollectionReading.open(
            source, place.readingJournal(), PART_BYTES, request.compare(), read)) {
      MoveResult result = withReadable(reading, place, start);
      if (result.failure().isEmpty()) {
        place.removeParts();
        place.with(MovePlace.State.DONE);
      }
      return result;
    } catch (FerryException e) {
      throw noted(e, place);
    }
  }

  /** A source that is another one by now spoils the move. */
  private static FerryException noted(FerryException failure, MovePlace place) {
    if (isSpoilt(failure)) {
      place.with(MovePlace.State.SPOILED);
    }
    return failure;
  }

  private static boolean isSpoilt(FerryException failure) {
    return failure.code() == ErrorCode.SOURCE_RECREATED
        || failure.code() == ErrorCode.SOURCE_CHANGED;
  }

  private MoveResult withReadable(CollectionReading reading, MovePlace place, Instant start) {
    try {
      reading.begin();
      MoveResult result = load(reading, place, start);
      reading.end();
      return result;
    } catch (FerryException e) {
      if (e.code() != ErrorCode.INTERRUPTED) {
        endAfter(reading, e);
      }
      throw e;
    }
  }

  private static void endAfter(CollectionReading reading, FerryException failure) {
    try {
      reading.end();
    } catch (FerryException leftForTheNextRun) {
      failure.addSuppressed(leftForTheNextRun);
    }
  }

  private MoveResult load(CollectionReading reading, MovePlace place, Instant start) {
    DatabaseEntry database =
        new DatabaseEntry(
            source.database(),
            request.source().databaseProperties(source.database()).orElseGet(TreeMap::new));
    MovingCollection contents = new MovingCollection(reading, place.id(), request, database);
    ImportResult imported = importer.importContents(contents, importRequest(place));
    CollectionResult result = imported.collections().get(0);
    result.failure().ifPresent(failure -> noted(failure, place));
    CollectionEntry entry = reading.entry();
    List<String> findings = new ArrayList<>(result.proof().findings());
    if (result.status() == Status.DIFFERENT) {
      findings.add(0, result.proof().summary());
    }
    List<String> described =
        result.done() && result.status() != Status.SKIPPED && request.compare()
            ? DescriptionCheck.findings(
                entry.description(),
                request.target().source(target).describe(),
                result.deviations(),
                request)
            : List.of();
    findings.addAll(described);
    return new MoveResult(
        source,
        target,
        described.isEmpty() ? result.status() : Status.DIFFERENT,
        entry.rows(),
        entry.parts().stream().mapToLong(PartEntry::bytes).sum(),
        Duration.between(start, request.clock().instant()),
        result.proof(),
        result.deviations(),
        findings,
        result.failure(),
        imported.totalTimes());
  }

  private ImportRequest importRequest(MovePlace place) {
    return new ImportRequest(
        place.parts(),
        request.target(),
        request.targetId(),
        place.directory(),
        NameFilter.ALL,
        source.equals(target)
            ? TargetNames.SAME
            : new TargetNames(Map.of(source.toString(), target.toString()), ""),
        request.staging(),
        request.onExisting(),
        Publish.DIRECT,
        request.autoId(),
        request.strict(),
        request.compare(),
        OriginCheck.NONE,
        request.progress());
  }

  private MoveResult failed(Instant start, FerryException failure) {
    return new MoveResult(
        source,
        target,
        Status.FAILED,
        0,
        0,
        Duration.between(start, request.clock().instant()),
        new Proof.NotProven("not complete"),
        List.of(),
        List.of(),
        Optional.of(failure),
        Map.of());
  }
}
