package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of one collection in a cutover. */
final class CutoverTask {
  private static final int ALL = 100;

  private final LiveSetup setup;
  private final LiveState state;
  private final ReadSplitter splitter;
  private final CutoverOptions options;
  private final CutoverGate gate;
  private final Pace pace;
  private final CollectionName name;
  private final Probes probes;
  private final List<String> notes = new ArrayList<>();
  private ProbeCounts probed = ProbeCounts.NONE;
  private Optional<String> reason = Optional.empty();
  private @Nullable FerryException failure;

  CutoverTask(
      LiveSetup setup,
      LiveState state,
      ReadSplitter splitter,
      CutoverOptions options,
      CutoverGate gate,
      Pace pace,
      CollectionName name) {
    this.setup = setup;
    this.state = state;
    this.splitter = splitter;
    this.options = options;
    this.gate = gate;
    this.pace = pace;
    this.name = name;
    this.probes = new Probes(setup, name, pace);
  }

  CollectionName name() {
    return name;
  }

  /** Whether this step is still to be made. */
  boolean goesTo(int step) {
    return failure == null && state.get(name).readWeight() < step;
  }

  /** A watch begins. */
  void begin() {
    probed = ProbeCounts.NONE;
    reason = Optional.empty();
  }

  /**
   * Probes both sides, and judges.
   *
   * @param over whether the watch ends with this look
   */
  void look(boolean over) {
    probed = probed.plus(probes.run());
    CutoverSafety safety =
        CutoverSafety.ofReads(
            state.get(name), Mirrors.of(setup.gateway(), name), options.lagLimit());
    CutoverGate.Measure measure = new CutoverGate.Measure(splitter.reads(name), probed, safety);
    reason = over ? gate.inTheEnd(measure) : gate.meanwhile(measure);
    if (over && reason.isEmpty()) {
      notes.add(held(measure));
    }
  }

  /** Whether the step cannot hold. */
  boolean bad() {
    return reason.isPresent();
  }

  private static String held(CutoverGate.Measure measure) {
    return ("%d reads at the target (%s failed, p95 %d us), %d at the source (%s failed, p95 %d us),"
            + " %d reads of ferry's own put to both (%s failed or wrong at the target)")
        .formatted(
            measure.reads().target().calls(),
            CutoverGate.percent(measure.reads().target().errorRate()),
            measure.reads().target().p95Micros(),
            measure.reads().source().calls(),
            CutoverGate.percent(measure.reads().source().errorRate()),
            measure.reads().source().p95Micros(),
            measure.probes().reads(),
            CutoverGate.percent(measure.probes().targetErrorRate()));
  }

  /** Records that the step held. */
  void hold(int step) {
    state.put(state.get(name).withReadWeight(step, "", pace.instant()));
  }

  /** Goes back to the step that held before, and records why. */
  void goBack(int step) {
    int held = state.get(name).readWeight();
    splitter.weigh(List.of(name), held);
    String why =
        "went back from %d %% to %d %%: %s"
            .formatted(
                step, held, reason.orElse("another collection failed, and they go together"));
    state.put(state.get(name).withReadWeight(held, why, pace.instant()));
    failure =
        new FerryException(
            ErrorCode.CUTOVER_WENT_BACK,
            "reads of %s %s".formatted(name, why),
            "See to the target, then run the same command again; ferry live rollback sends all"
                + " reads to the source.",
            null);
  }

  /** Does what comes after the last step, if that held. */
  CollectionOutcome finish() {
    if (failure == null && state.get(name).readWeight() == ALL) {
      try {
        settle();
      } catch (FerryException e) {
        if (e.code() == ErrorCode.INTERRUPTED) {
          throw e;
        }
        failure = e;
      }
    }
    LiveCollection collection = state.get(name);
    return new CollectionOutcome(
        name,
        Optional.of(collection.done()),
        collection.readWeight(),
        notes,
        Optional.ofNullable(failure));
  }

  /** All reads are at the target; now it decides about writes too, where that can be. */
  private void settle() {
    if (!MigrationPhase.CUT_OVER.upTo(state.get(name).done())) {
      state.put(state.get(name).at(MigrationPhase.CUT_OVER, pace.instant()));
    }
    MirrorStatus mirror = Mirrors.known(setup.gateway(), name);
    if (mirror.readWeight() != ALL) {
      // Nginx sent the reads; those that still come to the gateway go the same way.
      setup.gateway().readWeight(name, ALL);
    }
    if (MigrationPhase.REVERSE.upTo(state.get(name).done()) || !options.reverse()) {
      return;
    }
    if (setup.source().source(name).schema().primaryKey().autoId()) {
      notes.add(
          "writes stay decided by the source: it makes the keys, and cannot take rows that bring"
              + " their own");
      return;
    }
    setup.gateway().direct(name, Direction.REVERSE);
    state.put(state.get(name).at(MigrationPhase.REVERSE, pace.instant()));
  }
}
