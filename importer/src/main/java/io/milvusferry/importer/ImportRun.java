package io.milvusferry.importer;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.PartEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One run of an import: plans, proves the staging, then takes the collections one by one. */
final class ImportRun {
  private final ImportRequest request;
  private final ImportContext context;
  private final Lanes lanes;
  private final ProbeCollections probes;
  private final ServerProbe probe;

  ImportRun(ImportRequest request, ImportContext context) {
    this.request = request;
    this.context = context;
    this.probes = new ProbeCollections(context);
    this.probe = new ServerProbe(context, probes);
    Capabilities capabilities = request.target().capabilities();
    this.lanes =
        new Lanes(
            request.staging(),
            capabilities,
            request.target().info().version(),
            context.limits().bulkFromRows());
    if (!(request.staging() instanceof Staging.None) && !capabilities.bulkImport()) {
      request.progress().notice("the server takes no bulk import of Parquet; rows are inserted");
    }
  }

  private final SortedMap<CollectionName, Swap> swaps = new TreeMap<>();

  /** Plans, proves the staging, and leaves nothing behind. */
  PlanPreview preview() {
    ImportPlan plan = context.times().measure(ImportStage.PLAN, this::plan);
    Optional<FerryException> failure = plan.failure();
    if (failure.isEmpty()) {
      try {
        proveStaging(plan, new StagingProof(context, probe, staging()));
      } catch (FerryException e) {
        if (e.code() != ErrorCode.STAGING_UNREADABLE) {
          throw e;
        }
        failure = Optional.of(e);
      }
      removeStaged();
    }
    return new PlanPreview(plan, failure, lanes, this::progress);
  }

  List<CollectionResult> run() {
    Publication publication =
        new Publication(
            context.server(), context.journal(), context.clock(), context.limits().step());
    publication.resume();
    ImportPlan plan = context.times().measure(ImportStage.PLAN, this::plan);
    plan.requireNoConflict();
    StagingArea staging = staging();
    StagingProof proof = new StagingProof(context, probe, staging);
    proveStaging(plan, proof);
    List<CollectionResult> results = new ArrayList<>();
    for (PlannedCollection planned : plan.collections()) {
      ImportContext own = context.withTimes(new StageTimes(context.clock()));
      TargetMaker maker = new TargetMaker(own, request.autoId());
      Finisher finisher =
          new Finisher(own, new RowProof(own, context.limits().comparison()), request.compare());
      results.add(new CollectionImport(own, planned, lanes, staging, maker, finisher, proof).run());
    }
    context.times().run(ImportStage.STAGING, this::removeStaged);
    return swaps.isEmpty() ? results : published(results, publication);
  }

  /** The results after all collections took their names; none does before all are done. */
  private List<CollectionResult> published(
      List<CollectionResult> results, Publication publication) {
    long undone = results.stream().filter(result -> !result.done()).count();
    if (undone > 0) {
      request
          .progress()
          .notice(
              "%d of %d collections are not done, so none takes its name yet"
                  .formatted(undone, results.size()));
      return results;
    }
    publication.publish(List.copyOf(swaps.values()));
    return results.stream()
        .map(
            result ->
                Optional.ofNullable(swaps.get(result.target()))
                    .map(swap -> result.published(swap.name(), kept(swap)))
                    .orElse(result))
        .toList();
  }

  private Optional<CollectionName> kept(Swap swap) {
    return swap.replaced() == 0
        ? Optional.empty()
        : Optional.of(new SwapNames(context.journal().importId()).kept(swap.name()));
  }

  private void proveStaging(ImportPlan plan, StagingProof proof) {
    context
        .times()
        .run(
            ImportStage.STAGING,
            () ->
                smallestBulkPart(plan)
                    .ifPresent(chosen -> proof.require(chosen.getKey(), chosen.getValue())));
  }

  private ImportPlan plan() {
    probes.clean();
    List<CollectionEntry> selected =
        context.archive().manifest().collections().stream()
            .filter(entry -> request.selection().selects(entry.name()))
            .toList();
    if (selected.isEmpty()) {
      throw new FerryException(
          ErrorCode.NOTHING_SELECTED,
          "no collection of the archive is selected; it holds "
              + context.archive().manifest().collections().stream()
                  .map(CollectionEntry::name)
                  .toList(),
          "Change --only or --skip.",
          null);
    }
    SortedMap<CollectionName, CollectionName> names =
        request.names().assign(selected.stream().map(CollectionEntry::name).toList());
    boolean swap = request.publish() == Publish.SWAP;
    Planner planner =
        new Planner(
            swap ? request.withOnExisting(OnExisting.FAIL) : request,
            context.archive(),
            context.journal(),
            new Rehearsal(context, probes),
            new ValueRehearsal(context, probes));
    SwapPlanner swapped = new SwapPlanner(request, context, planner);
    if (swap) {
      swapped.requireRenames();
    }
    List<PlannedCollection> planned = new ArrayList<>();
    for (CollectionEntry entry : selected) {
      CollectionName name = names.get(entry.name());
      if (name == null) {
        throw new IllegalStateException("no name for " + entry.name());
      }
      PlannedCollection one = swap ? swapped.plan(entry, name) : planner.plan(entry, name);
      planned.add(request.strict() ? one.strict() : one);
    }
    swaps.putAll(swapped.swaps());
    requireSoundParts(planned);
    return new ImportPlan(planned);
  }

  /** The server reads parts of the bulk lane itself, so nothing else would look at their values. */
  private void requireSoundParts(List<PlannedCollection> planned) {
    if (context.archive().growing()) {
      return;
    }
    for (PlannedCollection one : planned) {
      if (one.decision().loads()) {
        Lanes.pending(one.entry(), progress(one))
            .forEach(part -> context.archive().requireSound(one.entry(), part));
      }
    }
  }

  private StagingArea staging() {
    if (request.staging() instanceof Staging.Directory directory) {
      return new DirectoryStaging(context.archive(), context.journal(), directory);
    }
    return request.staging() instanceof Staging.InPlace
        ? new InPlaceStaging(context.archive())
        : new NoStaging();
  }

  private Optional<Map.Entry<CollectionEntry, PartEntry>> smallestBulkPart(ImportPlan plan) {
    List<Map.Entry<CollectionEntry, PartEntry>> parts = new ArrayList<>();
    for (PlannedCollection planned : plan.collections()) {
      if (planned.decision().loads()) {
        lanes
            .bulk(planned.entry(), planned.target(), progress(planned))
            .forEach(part -> parts.add(Map.entry(planned.entry(), part)));
      }
    }
    return parts.stream().min(Comparator.comparingLong(entry -> entry.getValue().bytes()));
  }

  /** What is known of a collection that goes on; nothing of one that begins. */
  private CollectionProgress progress(PlannedCollection planned) {
    return planned.decision() instanceof Decision.Continue
        ? context.journal().progress(planned.target().name())
        : new CollectionProgress(planned.target().name());
  }

  /** Removes staged parts of this and earlier runs, unless the server may still read some. */
  private void removeStaged() {
    if (context.journal().hasOpenSubmissions()) {
      return;
    }
    for (String folder : context.journal().stagingFolders()) {
      DirectoryStaging.remove(Path.of(folder));
      context.journal().stagingGone(folder);
    }
  }
}
