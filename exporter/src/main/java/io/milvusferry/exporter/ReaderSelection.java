package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.exporter.segment.SegmentSnapshot;
import io.milvusferry.exporter.segment.SnapshotPlanner;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Decides how the collections of one export are read. */
final class ReaderSelection {
  private final ExportRequest request;
  private final ExportJournal journal;
  private final ExecutorService executor;
  private final Optional<ObjectStore> storage;

  private ReaderSelection(
      ExportRequest request,
      ExportJournal journal,
      ExecutorService executor,
      Optional<ObjectStore> storage) {
    this.request = request;
    this.journal = journal;
    this.executor = executor;
    this.storage = storage;
  }

  /**
   * Decides for an export of these collections.
   *
   * @param executor lists and reads files
   * @throws FerryException {@link ErrorCode#DELETES_UNSHOWN} or {@link ErrorCode#USAGE} where
   *     segment files are asked for and cannot tell what is wanted
   */
  static ReaderSelection of(
      ExportRequest request,
      ExportJournal journal,
      List<CollectionName> collections,
      ExecutorService executor) {
    return new ReaderSelection(request, journal, executor, storage(request, collections));
  }

  private static Optional<ObjectStore> storage(
      ExportRequest request, List<CollectionName> collections) {
    Optional<ObjectStore> named = request.reader().storage();
    Excerpt excerpt = request.excerpt();
    if (request.reader().choice() == Reader.Choice.API
        || named.isEmpty()
        || excerpt.schemaOnly()
        || collections.isEmpty()) {
      return Optional.empty();
    }
    boolean must = request.reader().choice() == Reader.Choice.STORAGE;
    if (!excerpt.where().isEmpty() || excerpt.limit() != Long.MAX_VALUE) {
      if (must) {
        throw new FerryException(
            ErrorCode.USAGE,
            "segment files cannot be searched, so --reader storage takes no --where and no --limit",
            "Leave them out, or read by queries, with --reader api.",
            null);
      }
      request.progress().notice("reading by queries, for --where and --limit");
      return Optional.empty();
    }
    CollectionName first = collections.get(0);
    boolean shown =
        request.server().source(first).ledger().map(SegmentLedger::showsDeletes).orElse(false);
    if (!shown && must) {
      throw new FerryException(
          ErrorCode.DELETES_UNSHOWN,
          "Milvus %s does not tell up to what moment its files hold deletes"
              .formatted(request.server().info().version()),
          "Read by queries, with --reader api.",
          null);
    }
    if (!shown) {
      request
          .progress()
          .notice(
              "reading by queries: the server does not tell whether its files hold all deletes");
    }
    return shown
        ? named.map(store -> new ThrottledObjectStore(store, request.readLimit()))
        : Optional.empty();
  }

  /** Whether segment files are read. */
  boolean files() {
    return storage.isPresent();
  }

  /**
   * Finds one moment for all collections that have none yet from an earlier run, and journals what
   * shows them then.
   */
  void plan(List<CollectionName> collections) throws InterruptedException {
    if (storage.isEmpty()) {
      return;
    }
    List<SnapshotPlanner.Wanted> wanted = new ArrayList<>();
    for (CollectionName name : collections) {
      if (journal.progress(name).snapshot().isEmpty()) {
        CollectionSource source = request.server().source(name);
        wanted.add(
            new SnapshotPlanner.Wanted(
                name, source.identity().id(), source.ledger().orElseThrow()));
      }
    }
    if (!wanted.isEmpty()) {
      CollectionSource clock = request.server().source(wanted.get(0).name());
      new SnapshotPlanner(storage.get(), () -> clock.timestamp().orElseThrow(), executor)
          .plan(wanted)
          .forEach(journal::planned);
    }
  }

  /** The reader of one collection; its moment is found, where it needs one. */
  CollectionReader reader(CollectionSource source, CollectionDescription description) {
    if (storage.isEmpty()) {
      return new ApiReader(description.name(), source);
    }
    SegmentSnapshot snapshot = journal.progress(description.name()).snapshot().orElseThrow();
    return new StorageReader(
        source,
        description,
        source.ledger().orElseThrow(),
        storage.get(),
        snapshot,
        request.directory(),
        executor,
        request.progress());
  }
}
