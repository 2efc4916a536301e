package io.milvusferry.migration.live;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends reads and writes of collections back to the source, and gives up if that is wanted. */
final class RollbackRun {
  private final LiveSetup setup;
  private final LiveState state;
  private final ReadSplitter splitter;
  private final Pace pace;

  RollbackRun(LiveSetup setup, LiveState state, ReadSplitter splitter, Pace pace) {
    this.setup = setup;
    this.state = state;
    this.splitter = splitter;
    this.pace = pace;
  }

  /**
   * Sends reads back, and lets the source decide about writes again. The collection stays mirrored.
   *
   * @throws FerryException {@code PHASE_WRONG} for a collection that is retired, {@code
   *     MIRROR_BUSY} if the source does not have all writes of the target soon; reads are back then
   */
  CollectionOutcome back(CollectionName name) {
    LiveCollection collection = state.get(name);
    if (collection.done() == MigrationPhase.RETIRE) {
      throw new FerryException(
          ErrorCode.PHASE_WRONG,
          "%s was finished: the source lacks what was written since".formatted(name),
          "Migrate it the other way round to get back.",
          null);
    }
    List<String> notes = new ArrayList<>();
    Optional<MirrorStatus> mirror = Mirrors.of(setup.gateway(), name);
    if (mirror.isPresent()) {
      splitter.weigh(List.of(name), 0);
      setup.gateway().readWeight(name, 0);
      setup.gateway().shadow(name, 0);
      if (collection.readWeight() > 0) {
        notes.add("reads went back from %d %% to 0 %%".formatted(collection.readWeight()));
      }
      collection = state.put(collection.withReadWeight(0, "rolled back", pace.instant()));
      if (mirror.get().direction() == Direction.REVERSE) {
        setup.gateway().direct(name, Direction.FORWARD);
        notes.add("the source decides about writes again, and has all of them");
      }
    }
    if (MigrationPhase.CUT_OVER.upTo(collection.done())) {
      collection = state.put(collection.at(MigrationPhase.SHADOW, pace.instant()));
    }
    return CollectionOutcome.of(collection, notes);
  }

  /**
   * Gives the migration of a collection up: nothing is mirrored any more. The target collection
   * stays, or is dropped if that is wanted and it is the one that ferry made.
   */
  CollectionOutcome abandon(CollectionName name, boolean dropTarget) {
    List<String> notes = new ArrayList<>(back(name).notes());
    LiveCollection collection = state.get(name);
    if (Mirrors.of(setup.gateway(), name).isPresent()) {
      setup.gateway().forget(name);
    }
    notes.add("nothing is mirrored any more");
    CollectionTarget target = setup.target().target(name);
    if (target.exists()) {
      if (dropTarget && madeByFerry(collection)) {
        target.drop();
        notes.add("the target collection is dropped");
      } else {
        notes.add(
            dropTarget
                ? "the target collection stays: it is not recorded that ferry made it"
                : "the target collection stays, and becomes outdated");
      }
    }
    state.remove(name);
    return new CollectionOutcome(name, Optional.empty(), 0, notes, Optional.empty());
  }

  private boolean madeByFerry(LiveCollection collection) {
    return collection.targetId() != 0
        && setup.target().source(collection.name()).identity().id() == collection.targetId();
  }
}
