package io.milvusferry.migration.live;

import io.milvusferry.connector.ServerCollections;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.progress.ProgressSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Sends reads to the target, step by step, all collections together. A step that held is recorded;
 * a killed run goes on with the step that it was at. What fails a step goes back to the one before.
 */
final class CutoverRun {
  private static final int LOOKS_PER_WATCH = 6;

  private final LiveSetup setup;
  private final LiveState state;
  private final ReadSplitter splitter;
  private final CutoverOptions options;
  private final CutoverGate gate;
  private final Pace pace;
  private final ProgressSink progress;

  CutoverRun(
      LiveSetup setup,
      LiveState state,
      ReadSplitter splitter,
      CutoverOptions options,
      Pace pace,
      ProgressSink progress) {
    this.setup = setup;
    this.state = state;
    this.splitter = splitter;
    this.options = options;
    this.gate = new CutoverGate(options.maxErrorRate());
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Cuts the collections over.
   *
   * @throws FerryException {@code CUTOVER_UNSAFE} if it is not safe for one of them, and nothing
   *     was changed then
   */
  LiveResult run(List<CollectionName> names) {
    requireSafe(names);
    if (!splitter.splitsByCollection()) {
      requireAll(names);
    }
    List<CutoverTask> tasks =
        names.stream()
            .map(name -> new CutoverTask(setup, state, splitter, options, gate, pace, name))
            .toList();
    for (int step : options.steps()) {
      List<CutoverTask> going = tasks.stream().filter(task -> task.goesTo(step)).toList();
      if (!going.isEmpty()) {
        step(going, step);
      }
    }
    return new LiveResult(tasks.stream().map(CutoverTask::finish).toList());
  }

  private void requireSafe(List<CollectionName> names) {
    GatewayStatus status = setup.gateway().status();
    for (CollectionName name : names) {
      LiveCollection collection = state.get(name);
      CutoverSafety safety =
          CutoverSafety.ofReads(collection, Mirrors.of(status, name), options.lagLimit());
      if (!safety.safe()) {
        throw new FerryException(
            ErrorCode.CUTOVER_UNSAFE,
            "reads of %s cannot be cut over: %s"
                .formatted(name, String.join("; ", safety.obstacles())),
            "Run ferry live start, which does what is missing; ferry live status shows more.",
            null);
      }
    }
  }

  /** Who splits reads without looking into them sends those of every collection. */
  private void requireAll(List<CollectionName> names) {
    for (CollectionName name : ServerCollections.all(setup.source())) {
      if (!names.contains(name)) {
        throw new FerryException(
            ErrorCode.CUTOVER_UNSAFE,
            "Nginx cannot tell collections apart, but %s is not among those to cut over"
                .formatted(name),
            "Migrate every collection and cut all over at once, or let the gateway split reads.",
            null);
      }
    }
  }

  private void step(List<CutoverTask> going, int step) {
    progress.notice("%d %% of reads go to the target".formatted(step));
    splitter.weigh(going.stream().map(CutoverTask::name).toList(), step);
    watch(going);
    boolean together = !splitter.splitsByCollection();
    boolean anyBad = going.stream().anyMatch(CutoverTask::bad);
    for (CutoverTask task : going) {
      if (task.bad() || (together && anyBad)) {
        task.goBack(step);
      } else {
        task.hold(step);
      }
    }
  }

  /** Looks at the reads until the watch is over, or no step can hold any more. */
  private void watch(List<CutoverTask> going) {
    Instant end = pace.instant().plus(options.watch());
    Duration between = options.watch().dividedBy(LOOKS_PER_WATCH);
    going.forEach(CutoverTask::begin);
    while (true) {
      boolean over = !pace.instant().isBefore(end);
      for (CutoverTask task : going) {
        if (!task.bad()) {
          task.look(over);
        }
      }
      boolean settled =
          splitter.splitsByCollection()
              ? going.stream().allMatch(CutoverTask::bad)
              : going.stream().anyMatch(CutoverTask::bad);
      if (over || settled) {
        return;
      }
      pace.pause(between);
    }
  }
}
