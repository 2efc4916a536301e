package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.ServerCollections;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.DirectoryLock;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.parquet.RollingPartWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Exports collections of a server into one archive. */
public final class Exporter {
  private final RandomGenerator random;
  private final long partBytes;

  /**
   * @param random makes creation ids
   */
  public Exporter(RandomGenerator random) {
    this(random, RollingPartWriter.PART_BYTES);
  }

  /**
   * @param partBytes the size of rows at which parts end
   */
  Exporter(RandomGenerator random, long partBytes) {
    this.random = random;
    this.partBytes = partBytes;
  }

  /**
   * Exports the selected collections. Each that fails for its own reasons (dropped, recreated or
   * altered meanwhile) is left out and reported; the others go on.
   *
   * <p>The archive exists when this returns. After any failure the directory holds the journal,
   * durable parts, and perhaps a partial one; the same request takes up from there.
   *
   * @throws FerryException when nothing could be sealed
   */
  public ExportResult export(ExportRequest request) {
    return export(request, ExportListener.NONE);
  }

  /** The same, while somebody hears of each part. */
  public ExportResult export(ExportRequest request, ExportListener listener) {
    Instant began = request.clock().instant();
    ArchiveLayout layout = new ArchiveLayout(request.directory());
    try {
      Files.createDirectories(request.directory());
      try (DirectoryLock lock = DirectoryLock.take(layout.lock())) {
        ExportResult result = exportLocked(request, layout, listener, began);
        lock.removeFile();
        return result;
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, request.directory());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "the export was stopped",
          "Run the same command again; it resumes.",
          e);
    }
  }

  private ExportResult exportLocked(
      ExportRequest request, ArchiveLayout layout, ExportListener listener, Instant began)
      throws IOException, InterruptedException {
    requireOwnDirectory(layout);
    try (ExportJournal journal = ExportJournal.open(layout.journal())) {
      boolean fresh = journal.start().isEmpty();
      SortedMap<CollectionName, FerryException> failures = new TreeMap<>();
      List<CollectionExport.Outcome> outcomes = new ArrayList<>();
      ExportJournal.Start start;
      List<Prepared> prepared;
      ExecutorService executor =
          Executors.newFixedThreadPool(request.readers(), ReaderThreads.named("export"));
      try {
        try {
          List<CollectionName> selected =
              ServerCollections.selected(request.server(), request.selection());
          ReaderSelection reading = ReaderSelection.of(request, journal, selected, executor);
          start = startOrResume(request, journal, selected, reading);
          prepared = prepare(request, layout, journal, start, reading, listener, failures);
          listener.began(start.creationId());
        } catch (FerryException e) {
          if (fresh) {
            // Nothing is read, so nothing is left behind that would have to be resumed.
            Files.deleteIfExists(layout.journal());
          }
          throw e;
        }
        for (Prepared collection : prepared) {
          collection.partsOfEarlierRuns().forEach(listener::durable);
          exportOne(collection, request, executor, failures, outcomes);
        }
      } finally {
        executor.shutdownNow();
      }
      if (outcomes.isEmpty() && !failures.isEmpty()) {
        throw failures.get(failures.firstKey());
      }
      Sealing sealing = new Sealing(layout, request, start, prepared);
      Digest id = sealing.seal(outcomes);
      Files.deleteIfExists(layout.journal());
      List<String> findings =
          outcomes.stream().flatMap(outcome -> outcome.findings().stream()).toList();
      return new ExportResult(
          id,
          sealing.manifest(outcomes),
          failures,
          findings,
          Duration.between(began, request.clock().instant()));
    }
  }

  private static void exportOne(
      Prepared collection,
      ExportRequest request,
      ExecutorService executor,
      SortedMap<CollectionName, FerryException> failures,
      List<CollectionExport.Outcome> outcomes)
      throws IOException, InterruptedException {
    try {
      if (!collection.readable()) {
        collection.lease().begin(request.progress());
        SpaceCheck.require(request.directory(), List.of(collection.stillToRead()));
      }
      outcomes.add(collection.export().run(request.readers(), executor));
      collection.lease().end();
    } catch (FerryException failure) {
      if (!isOfTheCollection(failure.code())) {
        throw failure;
      }
      failures.put(collection.description().name(), failure);
      if (failure.code() == ErrorCode.SOURCE_CHANGED) {
        collection.lease().end();
      }
    }
  }

  /** Whether a failure concerns one collection only and will not pass by itself. */
  private static boolean isOfTheCollection(ErrorCode code) {
    return code == ErrorCode.SOURCE_CHANGED
        || code == ErrorCode.SOURCE_RECREATED
        || code == ErrorCode.COLLECTION_NOT_FOUND;
  }

  private static void requireOwnDirectory(ArchiveLayout layout) throws IOException {
    if (Files.exists(layout.journal())) {
      return;
    }
    if (Files.exists(layout.seal())) {
      throw new FerryException(
          ErrorCode.EXPORT_DIRECTORY_IN_USE,
          layout.root() + " already holds a sealed archive",
          "A new export is a new archive: choose another directory with --to.",
          null);
    }
    try (Stream<Path> entries = Files.list(layout.root())) {
      List<Path> foreign = entries.filter(entry -> !entry.equals(layout.lock())).toList();
      if (!foreign.isEmpty()) {
        throw new FerryException(
            ErrorCode.EXPORT_DIRECTORY_IN_USE,
            "%s is not empty: it holds %s".formatted(layout.root(), foreign.get(0).getFileName()),
            "Choose a new or an empty directory with --to.",
            null);
      }
    }
  }

  private ExportJournal.Start startOrResume(
      ExportRequest request,
      ExportJournal journal,
      List<CollectionName> selected,
      ReaderSelection reading)
      throws IOException {
    String requestDigest =
        Digest.ofContent(
                (request.sourceId()
                        + "\n"
                        + request.selection()
                        + "\n"
                        + request.excerpt()
                        + (reading.files() ? "\nfrom files" : ""))
                    .getBytes(StandardCharsets.UTF_8))
            .hex();
    if (journal.start().isPresent()) {
      ExportJournal.Start start = journal.start().get();
      if (!start.request().equals(requestDigest)) {
        throw new FerryException(
            ErrorCode.EXPORT_JOURNAL_OTHER,
            "%s holds an unfinished export from another source or with another selection, begun %s"
                .formatted(request.directory(), start.createdAt()),
            "Run that command again to finish it, or choose another directory with --to.",
            null);
      }
      request.progress().notice("resuming the export begun " + start.createdAt());
      return start;
    }
    byte[] id = new byte[8];
    random.nextBytes(id);
    ExportJournal.Start start =
        new ExportJournal.Start(
            HexFormat.of().formatHex(id),
            Instant.ofEpochSecond(request.clock().instant().getEpochSecond()),
            requestDigest,
            selected);
    journal.started(start);
    return start;
  }

  private List<Prepared> prepare(
      ExportRequest request,
      ArchiveLayout layout,
      ExportJournal journal,
      ExportJournal.Start start,
      ReaderSelection reading,
      ExportListener listener,
      SortedMap<CollectionName, FerryException> failures)
      throws IOException, InterruptedException {
    reading.plan(start.collections());
    List<Prepared> prepared = new ArrayList<>();
    List<Long> estimates = new ArrayList<>();
    for (int i = 0; i < start.collections().size(); i++) {
      CollectionName name = start.collections().get(i);
      try {
        Prepared collection = prepareOne(i + 1, name, request, layout, reading, listener, journal);
        if (collection.readable()) {
          estimates.add(collection.stillToRead());
        }
        prepared.add(collection);
      } catch (FerryException failure) {
        if (!isOfTheCollection(failure.code())) {
          throw failure;
        }
        failures.put(name, failure);
      }
    }
    SpaceCheck.require(request.directory(), estimates);
    return prepared;
  }

  private Prepared prepareOne(
      int number,
      CollectionName name,
      ExportRequest request,
      ArchiveLayout layout,
      ReaderSelection reading,
      ExportListener listener,
      ExportJournal journal) {
    CollectionSource source =
        request.server().source(name).only(request.excerpt()).throttled(request.readLimit());
    ExportJournal.Progress progress = journal.progress(name);
    CollectionDescription description = SourceLease.untouched(source.describe(), progress);
    if (progress.opened().isEmpty() && !reading.files()) {
      SourceLease.requireReadable(source, description, request);
    }
    CollectionReader reader = reading.reader(source, description);
    return new Prepared(
        source,
        description,
        reading.files() || request.excerpt().schemaOnly() || source.loadState() == LoadState.LOADED,
        progress,
        new SourceLease(source, description, journal),
        reader,
        new CollectionExport(
            number,
            layout,
            partBytes,
            source,
            reader,
            description,
            journal,
            request.progress(),
            listener));
  }

  /**
   * A collection that is about to be exported.
   *
   * @param readable whether it could be read as it was found
   */
  record Prepared(
      CollectionSource source,
      CollectionDescription description,
      boolean readable,
      ExportJournal.Progress progress,
      SourceLease lease,
      CollectionReader reader,
      CollectionExport export) {

    /** In the order of their paths. */
    List<PartEntry> partsOfEarlierRuns() {
      return progress.cuts().stream()
          .flatMap(cut -> CollectionExport.inOrder(cut.parts()).stream())
          .toList();
    }

    /** About how many bytes are not in durable parts yet. */
    long stillToRead() throws InterruptedException {
      long done =
          progress.cuts().stream()
              .flatMap(cut -> cut.parts().stream())
              .mapToLong(PartEntry::bytes)
              .sum();
      return progress.read() || lease.needless() ? 0 : Math.max(0, reader.estimatedBytes() - done);
    }
  }
}
