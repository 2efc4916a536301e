package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Consistency;
import io.milvusferry.manifest.ConsistencyMode;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.manifest.PartitionEntry;
import io.milvusferry.record.RowSource;
import io.milvusferry.verify.KnownFingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One collection of a server, read into parts that are taken away while it is read.
 *
 * <p>A journal holds what is read, so that a reading that was stopped or killed goes on behind its
 * last part; of parts that were told of, nothing else is kept. Used by one thread at a time.
 */
public final class CollectionReading implements AutoCloseable {
  private static final int NUMBER = 1;
  private static final PartListener NOBODY = part -> {};

  private final ExportRequest request;
  private final long partBytes;
  private final ArchiveLayout layout;
  private ExportJournal journal;
  private final Path journalFile;
  private final CollectionSource source;
  private final CollectionDescription description;
  private final boolean still;
  private SourceLease lease;

  private CollectionReading(
      CollectionName name,
      Path journalFile,
      ExportJournal journal,
      long partBytes,
      boolean still,
      ExportRequest request) {
    this.request = request;
    this.still = still;
    this.partBytes = partBytes;
    this.layout = new ArchiveLayout(request.directory());
    this.journalFile = journalFile;
    this.journal = journal;
    this.source =
        request.server().source(name).only(request.excerpt()).throttled(request.readLimit());
    ExportJournal.Progress progress = journal.progress(name);
    this.description = SourceLease.untouched(source.describe(), progress);
    this.lease = new SourceLease(source, description, journal);
    if (progress.opened().isEmpty()) {
      SourceLease.requireReadable(source, description, request);
    }
  }

  /**
   * Describes the collection; its rows are not asked for yet.
   *
   * @param journalFile holds what is read; whoever calls keeps others away from it
   * @param partBytes the size of rows at which parts end
   * @param still whether {@link #changes} is to tell if the source stood still, for which it is
   *     flushed; else it always says that nothing shows it
   * @param request its directory takes the parts; its selection does not count
   * @throws FerryException what the source says, and {@link ErrorCode#COLLECTION_NOT_LOADED} or
   *     {@link ErrorCode#COLLECTION_NOT_INDEXED} where it cannot be read as it is
   */
  public static CollectionReading open(
      CollectionName name, Path journalFile, long partBytes, boolean still, ExportRequest request) {
    try {
      Files.createDirectories(request.directory());
      ExportJournal journal = ExportJournal.open(journalFile);
      try {
        return new CollectionReading(name, journalFile, journal, partBytes, still, request);
      } catch (FerryException e) {
        journal.close();
        throw e;
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, journalFile);
    }
  }

  /**
   * Makes the collection readable, where that was asked for, and looks at it. {@link #end} takes
   * back what was done for it.
   */
  public void begin() {
    lease.begin(request.progress());
    ExportJournal.Progress progress = journal.progress(description.name());
    if (progress.cuts().isEmpty() && !progress.read()) {
      // What the source was like before an earlier run that read nothing does not matter.
      journal.opened(description.name(), look());
    }
  }

  /** What is read by now; its rows are those in parts, its count is that of the source. */
  public CollectionEntry entry() {
    SourceState opened = opened();
    return export(NOBODY)
        .entry(
            new Consistency(ConsistencyMode.QUIET, opened.timestamp(), List.of()), opened.count());
  }

  /** Where a part lies until it is taken away. */
  public Path file(PartEntry part) {
    return layout.resolve(part.path());
  }

  /**
   * Reads what is not read yet.
   *
   * @throws FerryException when the source fails or is another one by now; what the listener heard
   *     of stays read
   */
  public void read(PartListener listener) {
    ExecutorService executor =
        Executors.newFixedThreadPool(request.readers(), ReaderThreads.named("read"));
    try {
      export(listener).read(request.readers(), executor);
    } catch (IOException e) {
      throw LocalFailure.of(e, request.directory());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "reading %s was stopped".formatted(description.name()),
          "Run the same command again; it resumes.",
          e);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Forgets what is read; the next call of {@link #read} begins with the first row. */
  public void startOver() {
    lease.end();
    try {
      journal.close();
      Files.delete(journalFile);
      journal = ExportJournal.open(journalFile);
    } catch (IOException e) {
      throw LocalFailure.of(e, journalFile);
    }
    lease = new SourceLease(source, description, journal);
    begin();
  }

  /** Fingerprints of all rows that were read. */
  public KnownFingerprints known() {
    Map<String, Fingerprint> partitions = new TreeMap<>();
    for (PartitionEntry partition : entry().partitions()) {
      partitions.put(partition.name(), partition.fingerprint());
    }
    return new KnownFingerprints(partitions, Optional.of(export(NOBODY).buckets()));
  }

  /**
   * Why the source cannot be called the same since before its first row was read; empty if it stood
   * still until now.
   *
   * @throws FerryException {@link ErrorCode#SOURCE_RECREATED} or {@link ErrorCode#SOURCE_CHANGED}
   *     when it is another collection now
   */
  public List<String> changes() {
    SourceState now = look();
    export(NOBODY).requireSame(opened().identity());
    List<String> reasons = new ArrayList<>(opened().changesUntil(now));
    export(NOBODY).ttl().ifPresent(reasons::add);
    long read = entry().rows();
    if (now.count() >= 0 && read != now.count()) {
      reasons.add("%d rows were read, but count(*) says %d".formatted(read, now.count()));
    }
    return reasons;
  }

  /** The rows as the source has them now. */
  public RowSource rows() {
    return source;
  }

  /** Takes back what this or an earlier run did to make the collection readable. */
  public void end() {
    lease.end();
  }

  @Override
  public void close() {
    try {
      journal.close();
    } catch (IOException e) {
      throw LocalFailure.of(e, journalFile);
    }
  }

  private SourceState look() {
    return still || request.excerpt().schemaOnly()
        ? SourceState.of(source)
        : SourceState.unflushed(source);
  }

  private SourceState opened() {
    return journal
        .progress(description.name())
        .opened()
        .orElseThrow(() -> new IllegalStateException("the reading has not begun"));
  }

  private CollectionExport export(PartListener listener) {
    return new CollectionExport(
        NUMBER,
        layout,
        partBytes,
        source,
        new ApiReader(description.name(), source),
        description,
        journal,
        request.progress(),
        listener);
  }
}
