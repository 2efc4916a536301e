package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to become of one collection of the archive.
 *
 * @param target what the target is to be, under its name there
 * @param deviations what the target cannot keep or keeps differently
 */
record PlannedCollection(
    CollectionEntry entry,
    CollectionDescription target,
    Decision decision,
    List<Deviation> deviations) {
  PlannedCollection {
    deviations = List.copyOf(deviations);
  }

  /** Why it cannot be imported; empty if it can. */
  List<Refusal> refusals() {
    return decision instanceof Decision.Conflict conflict ? conflict.refusals() : List.of();
  }

  /** The same, refused also for everything that is declared and was not asked for. */
  PlannedCollection strict() {
    boolean leftAlone = !decision.loads() && refusals().isEmpty();
    List<Refusal> refusals = new ArrayList<>(refusals());
    deviations.stream().filter(one -> !one.asked()).map(this::refusal).forEach(refusals::add);
    return leftAlone || refusals.isEmpty()
        ? this
        : new PlannedCollection(entry, target, new Decision.Conflict(refusals), deviations);
  }

  private Refusal refusal(Deviation deviation) {
    return new Refusal(
        ErrorCode.TARGET_INCAPABLE,
        deviation.path(),
        "%s: %s".formatted(target.name(), deviation.sentence()),
        "Leave --strict out to have it declared instead, or leave the collection out with --skip.");
  }
}
