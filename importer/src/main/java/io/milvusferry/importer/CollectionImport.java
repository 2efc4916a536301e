package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.PartEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Carries out what was planned for one collection. */
final class CollectionImport {
  private final ImportContext context;
  private final PlannedCollection planned;
  private final Lanes lanes;
  private final StagingArea staging;
  private final TargetMaker maker;
  private final Finisher finisher;
  private final StagingProof stagingProof;
  private final List<Deviation> deviations;
  private CollectionEntry entry;
  private long bulkRows;
  private long insertedRows;

  CollectionImport(
      ImportContext context,
      PlannedCollection planned,
      Lanes lanes,
      StagingArea staging,
      TargetMaker maker,
      Finisher finisher,
      StagingProof stagingProof) {
    this.stagingProof = stagingProof;
    this.entry = planned.entry();
    this.context = context;
    this.planned = planned;
    this.lanes = lanes;
    this.staging = staging;
    this.maker = maker;
    this.finisher = finisher;
    this.deviations = new ArrayList<>(planned.deviations());
  }

  /** Never throws a {@link FerryException} but for an interrupt: a failure is in the result. */
  CollectionResult run() {
    if (planned.decision() instanceof Decision.Skip) {
      return result(Status.SKIPPED, new Proof.NotProven("left as it was"), Optional.empty());
    }
    try {
      Proof proof =
          planned.decision() instanceof Decision.NothingToDo completed
              ? proveAgain(completed)
              : importRows();
      Status done =
          planned.decision() instanceof Decision.NothingToDo
              ? Status.NOTHING_TO_DO
              : planned.decision() instanceof Decision.Continue
                  ? Status.CONTINUED
                  : Status.IMPORTED;
      return result(
          proof instanceof Proof.Different ? Status.DIFFERENT : done, proof, Optional.empty());
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      return result(Status.FAILED, new Proof.NotProven("not complete"), Optional.of(e));
    } finally {
      context.progress().finished(task());
    }
  }

  private Proof proveAgain(Decision.NothingToDo completed) {
    return completed.compared()
        ? finisher.proveAgain(maker.completed(planned, completed.id()))
        : new Proof.NotProven("rows were not compared");
  }

  private Proof importRows() {
    TargetCollection collection =
        context.times().measure(ImportStage.CREATE, () -> maker.prepare(planned));
    try {
      collection = load(collection);
    } catch (FerryException e) {
      if (e.code() != ErrorCode.IMPORT_UNCERTAIN || appends(collection)) {
        throw e;
      }
      context
          .progress()
          .notice(
              "%s is made anew and filled from the start: %s".formatted(name(), e.getMessage()));
      long id = collection.id();
      collection = context.times().measure(ImportStage.CREATE, () -> maker.startOver(planned, id));
      collection = load(collection);
    }
    maker.requireSame(name(), collection.id());
    Proof proof = finisher.finish(collection, deviations);
    collection.log().declared(deviations);
    maker.requireSame(name(), collection.id());
    return proof;
  }

  /** Loads all parts; returns the collection with all that were fed. */
  private TargetCollection load(TargetCollection collection) {
    CollectionProgress progress = collection.log().progress();
    ArchiveContents archive = context.archive();
    context.progress().started(task(), archive.growing() ? entry.countedRows() : entry.rows(), -1);
    entry.parts().forEach(part -> reportEarlier(progress.part(part.path()), part));
    try (BulkLoader bulk = new BulkLoader(context, collection, staging, this::bulkLoaded)) {
      bulk.settle(Lanes.pending(entry, progress));
      Predicate<PartEntry> byBulk =
          archive.growing()
              ? lanes.bulkOfGrowing(entry, planned.target(), progress)
              : Set.copyOf(lanes.bulk(entry, planned.target(), progress))::contains;
      RowLoader rows = new RowLoader(context, collection, this::inserted);
      try (PartFeed feed = archive.feed(entry, part -> progress.part(part.path()).untouched())) {
        load(feed, byBulk, bulk, rows, progress);
      }
    }
    entry = archive.whole(entry);
    return collection.with(entry);
  }

  private void load(
      PartFeed feed,
      Predicate<PartEntry> byBulk,
      BulkLoader bulk,
      RowLoader rows,
      CollectionProgress progress) {
    while (bulk.busy() || !feed.ended()) {
      if (bulk.full() || feed.ended()) {
        // Servers work off few bulk imports at once; those of others take longer than inserts.
        Optional<PartEntry> insertable = bulk.takeBack();
        if (insertable.isPresent()) {
          insert(insertable.get(), rows);
        } else {
          bulk.watch();
        }
        continue;
      }
      Optional<PartEntry> next = feed.next(context.limits().poll());
      if (next.isPresent()) {
        take(next.get(), byBulk, bulk, rows, progress);
        bulk.submit();
      } else {
        bulk.look();
      }
    }
  }

  private void take(
      PartEntry part,
      Predicate<PartEntry> byBulk,
      BulkLoader bulk,
      RowLoader rows,
      CollectionProgress progress) {
    if (progress.part(part.path()).loaded()) {
      context.archive().loaded(part);
    } else if (byBulk.test(part)) {
      context.times().run(ImportStage.STAGING, () -> stagingProof.require(entry, part));
      bulk.add(part);
    } else {
      insert(part, rows);
    }
  }

  private void insert(PartEntry part, RowLoader rows) {
    rows.load(part);
    context.archive().loaded(part);
  }

  private void reportEarlier(PartProgress progress, PartEntry part) {
    long rows = progress.loaded() ? part.rows() : progress.insertedRows();
    if (rows > 0) {
      context.progress().advanced(task(), rows, 0);
    }
  }

  private void bulkLoaded(PartEntry part) {
    context.archive().loaded(part);
    bulkRows += part.rows();
    context.progress().advanced(task(), part.rows(), 0);
  }

  private void inserted(long rows) {
    insertedRows += rows;
    context.progress().advanced(task(), rows, 0);
  }

  private static boolean appends(TargetCollection collection) {
    return collection.log().progress().begin().orElseThrow().append();
  }

  private CollectionResult result(Status status, Proof proof, Optional<FerryException> failure) {
    return new CollectionResult(
        entry.name(),
        name(),
        status,
        entry.rows(),
        bulkRows,
        insertedRows,
        proof,
        deviations,
        failure,
        context.times().times(),
        Optional.empty());
  }

  private CollectionName name() {
    return planned.target().name();
  }

  private String task() {
    return "import " + name();
  }
}
