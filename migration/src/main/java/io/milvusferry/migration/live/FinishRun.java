package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.progress.ProgressSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leaves the source of a collection behind, once nothing can be lost by it. */
final class FinishRun {
  private final LiveSetup setup;
  private final LiveState state;
  private final StartOptions options;
  private final Pace pace;
  private final ProgressSink progress;

  FinishRun(
      LiveSetup setup, LiveState state, StartOptions options, Pace pace, ProgressSink progress) {
    this.setup = setup;
    this.state = state;
    this.options = options;
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Compares once more, then stops mirroring; the target alone is written and read.
   *
   * @param compare whether to compare; else the last comparison must have been good
   * @throws FerryException {@code CUTOVER_UNSAFE} unless all reads are at the target, the journal
   *     keeps up and no write failed; {@code ROWS_DIFFER} if the sides still differ; {@code
   *     MIRROR_BUSY} if the journal cannot be drained; nothing was retired then
   */
  CollectionOutcome run(CollectionName name, boolean compare) {
    List<String> notes = new ArrayList<>();
    if (state.get(name).done() == MigrationPhase.RETIRE) {
      return CollectionOutcome.of(state.get(name), List.of("was finished before"));
    }
    Optional<MirrorStatus> mirror = Mirrors.of(setup.gateway(), name);
    if (mirror.filter(status -> status.direction() == Direction.RETIRED).isEmpty()) {
      requireSafe(name, mirror, options.lagLimit());
      if (compare) {
        new CompareRounds(setup, options, pace, progress)
            .run(
                name,
                mirror.orElseThrow().direction(),
                1,
                note -> state.put(state.get(name).withComparison(note)));
      }
      requireSafe(name, Mirrors.of(setup.gateway(), name), options.lagLimit());
      setup.gateway().direct(name, Direction.RETIRED);
    }
    LiveCollection retired =
        state.put(
            state.get(name).withNote("", pace.instant()).at(MigrationPhase.RETIRE, pace.instant()));
    if (setup.source().source(name).schema().primaryKey().autoId()) {
      notes.add("applications must send keys from now on: the target does not make them");
    }
    return CollectionOutcome.of(retired, notes);
  }

  private void requireSafe(CollectionName name, Optional<MirrorStatus> mirror, Duration lagLimit) {
    CutoverSafety safety = CutoverSafety.ofRetirement(state.get(name), mirror, lagLimit);
    if (!safety.safe()) {
      throw new FerryException(
          ErrorCode.CUTOVER_UNSAFE,
          "%s cannot be finished: %s".formatted(name, String.join("; ", safety.obstacles())),
          "ferry live status shows how it stands; ferry live cutover sends reads to the target.",
          null);
    }
  }
}
