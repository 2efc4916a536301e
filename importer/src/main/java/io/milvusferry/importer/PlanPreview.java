package io.milvusferry.importer;

import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionPlan.Action;
import io.milvusferry.manifest.CollectionEntry;
import io.milvusferry.manifest.PartEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A plan as it is shown.
 *
 * @param failure what the import would fail with before it writes anything
 * @param progress what is known of a collection that is planned
 */
record PlanPreview(
    ImportPlan plan,
    Optional<FerryException> failure,
    Lanes lanes,
    Function<PlannedCollection, CollectionProgress> progress) {

  List<CollectionPlan> collections() {
    return plan.collections().stream().map(this::show).toList();
  }

  private CollectionPlan show(PlannedCollection planned) {
    CollectionEntry entry = planned.entry();
    boolean loads = planned.decision().loads();
    CollectionProgress known = progress.apply(planned);
    long pending =
        loads ? Lanes.pending(entry, known).stream().mapToLong(PartEntry::rows).sum() : 0;
    long bulk =
        loads
            ? lanes.bulk(entry, planned.target(), known).stream().mapToLong(PartEntry::rows).sum()
            : 0;
    return new CollectionPlan(
        entry.name(),
        planned.target().name(),
        action(planned.decision()),
        entry.rows(),
        entry.parts().stream().mapToLong(PartEntry::bytes).sum(),
        bulk,
        pending - bulk,
        loads ? lanes.reason(entry, planned.target(), known) : "no rows are to be loaded",
        planned.deviations(),
        planned.refusals());
  }

  private static Action action(Decision decision) {
    if (decision instanceof Decision.Create) {
      return Action.CREATE;
    }
    if (decision instanceof Decision.Replace) {
      return Action.REPLACE;
    }
    if (decision instanceof Decision.Append) {
      return Action.APPEND;
    }
    if (decision instanceof Decision.Continue) {
      return Action.CONTINUE;
    }
    if (decision instanceof Decision.NothingToDo) {
      return Action.NOTHING_TO_DO;
    }
    return decision instanceof Decision.Skip ? Action.SKIP : Action.CONFLICT;
  }
}
