package io.milvusferry.migration.live;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.verify.DescriptionComparison;
import io.milvusferry.verify.DescriptionFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Brings one collection, phase by phase, to where its reads can be cut over. Each phase is recorded
 * after its effect, so that a killed run is taken up by the next.
 */
final class StartRun {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final double LOW_RECALL = 0.95;
  private static final String TTL = "collection.ttl.seconds";

  private final LiveSetup setup;
  private final LiveState state;
  private final Backfill backfill;
  private final StartOptions options;
  private final Pace pace;
  private final ProgressSink progress;
  private final CollectionName name;
  private final List<String> notes = new ArrayList<>();

  StartRun(
      LiveSetup setup,
      LiveState state,
      Backfill backfill,
      StartOptions options,
      Pace pace,
      ProgressSink progress,
      CollectionName name) {
    this.setup = setup;
    this.state = state;
    this.backfill = backfill;
    this.options = options;
    this.pace = pace;
    this.progress = progress;
    this.name = name;
  }

  /** Does every phase that is not done yet, up to the last that is wanted. */
  CollectionOutcome run() {
    LiveCollection collection =
        state.find(name).isPresent()
            ? state.get(name)
            : done(LiveCollection.prepared(name, prepare()), MigrationPhase.PREPARE);
    MigrationPhase known = collection.done();
    if (MigrationPhase.COMPARE.upTo(known) && known != MigrationPhase.RETIRE) {
      compareWhereDirty();
    }
    while (state.get(name).done().compareTo(options.until()) < 0) {
      MigrationPhase next = state.get(name).done().next();
      progress.notice("%s: %s".formatted(name, next.word()));
      LiveCollection after = effect(next);
      done(after, next);
    }
    return CollectionOutcome.of(state.get(name), notes);
  }

  private LiveCollection done(LiveCollection collection, MigrationPhase phase) {
    return state.put(collection.at(phase, pace.instant()));
  }

  private LiveCollection effect(MigrationPhase phase) {
    return switch (phase) {
      case MIRROR -> mirror();
      case BACKFILL -> backfill();
      case CATCH_UP -> catchUp();
      case COMPARE -> compare();
      case SHADOW -> shadow();
      default -> throw new IllegalStateException("no phase of a start: " + phase);
    };
  }

  private Instant prepare() {
    CollectionSource source = setup.source().source(name);
    CollectionDescription description = source.describe();
    if (description.loadState() != LoadState.LOADED) {
      throw new FerryException(
          ErrorCode.COLLECTION_NOT_LOADED,
          "%s is not loaded at the source, so that its rows cannot be read".formatted(name),
          "Load it, then run the same command again.",
          null);
    }
    if (!setup.target().capabilities().upsert()) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE,
          "the target has no upsert, so that writes cannot be replayed twice",
          "Use a server of 2.3 or later as target.",
          null);
    }
    if (!name.database().equals(CollectionName.DEFAULT_DATABASE)
        && !setup.target().capabilities().databases()) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE,
          "the target has no databases, so that %s cannot be made".formatted(name),
          "Use a server with databases as target.",
          null);
    }
    if (setup.target().target(name).exists()) {
      throw new FerryException(
          ErrorCode.TARGET_EXISTS,
          "%s exists at the target, and no live migration has made it".formatted(name),
          "Drop it there or rename it, then run the same command again.",
          null);
    }
    if (description.properties().containsKey(TTL)) {
      notes.add(
          "rows expire by %s, each side by its own clock; the comparison may find such rows"
              .formatted(TTL));
    }
    return pace.instant();
  }

  private LiveCollection mirror() {
    setup.gateway().mirror(name);
    requireNoImport();
    if (setup.source().source(name).schema().primaryKey().autoId()) {
      notes.add(
          "the source makes the keys of %s; the target keeps them, so that writes stay decided by"
                  .formatted(name)
              + " the source until applications send keys");
    }
    return state.get(name);
  }

  /** From now on the gateway refuses imports; one that runs already would go past the journal. */
  private void requireNoImport() {
    if (!setup.source().capabilities().bulkImport()) {
      return;
    }
    for (ImportTask task : setup.source().importTasks(name.database())) {
      boolean runs =
          task.state() == ImportTask.State.PENDING || task.state() == ImportTask.State.RUNNING;
      if (runs && task.collection().equals(name.name())) {
        throw new FerryException(
            ErrorCode.IMPORT_UNDER_WAY,
            "import %d into %s is under way at the source, past the journal (%d %%)"
                .formatted(task.id(), name, task.progressPercent()),
            "Run the same command again when it has ended; writes are journaled meanwhile.",
            null);
      }
    }
  }

  private LiveCollection backfill() {
    MirrorStatus mirror = Mirrors.known(setup.gateway(), name);
    if (mirror.replaying()) {
      mirror = setup.gateway().replay(name, false);
    }
    backfill.fill(name, mirror);
    return state.get(name).withTargetId(setup.target().source(name).identity().id());
  }

  private LiveCollection catchUp() {
    Mirrors.known(setup.gateway(), name);
    MirrorStatus mirror = setup.gateway().replay(name, true);
    long least = mirror.pendingRecords();
    Instant since = pace.instant();
    while (!caughtUp(mirror)) {
      requireNoFailedWrites(mirror);
      if (!mirror.replaying()) {
        mirror = setup.gateway().replay(name, true); // which says why, if it cannot be
      }
      if (mirror.pendingRecords() < least) {
        least = mirror.pendingRecords();
        since = pace.instant();
      } else if (Duration.between(since, pace.instant()).compareTo(options.patience()) > 0) {
        throw new FerryException(
            ErrorCode.MIRROR_LAGGING,
            "%s: the journal has not become shorter for %d s; %d writes wait%s"
                .formatted(
                    name,
                    options.patience().toSeconds(),
                    mirror.pendingRecords(),
                    mirror.lastReplayError().isEmpty() ? "" : ": " + mirror.lastReplayError()),
            "See to the target, then run the same command again; nothing is lost meanwhile.",
            null);
      }
      pace.pause(LOOK);
      mirror = Mirrors.known(setup.gateway(), name);
    }
    return state.get(name);
  }

  private boolean caughtUp(MirrorStatus mirror) {
    return mirror.caughtUp()
        || (mirror.replaying()
            && mirror.failedWrites() == 0
            && mirror.unresolved() == 0
            && mirror.lag().compareTo(options.lagLimit()) <= 0);
  }

  private void requireNoFailedWrites(MirrorStatus mirror) {
    if (mirror.failedWrites() == 0) {
      return;
    }
    GatewayControl gateway = setup.gateway();
    List<FailedWrite> failed = gateway.failedWrites(name);
    String first =
        failed.isEmpty()
            ? ""
            : "; the first, %s of %s: %s"
                .formatted(failed.get(0).kind(), failed.get(0).keys(), failed.get(0).reason());
    throw new FerryException(
        ErrorCode.MIRROR_UNSAFE,
        "%s: the target refused %d writes for good%s".formatted(name, mirror.failedWrites(), first),
        "Remove the cause at the target and run ferry live start --retry-failed.",
        null);
  }

  private void compareWhereDirty() {
    MirrorStatus mirror = Mirrors.known(setup.gateway(), name);
    boolean good = state.get(name).comparison().filter(ComparisonNote::good).isPresent();
    if (mirror.dirty() || !good) {
      progress.notice("%s: comparing again".formatted(name));
      compareRounds(mirror.direction());
    }
  }

  private LiveCollection compare() {
    requireNoFailedWrites(Mirrors.known(setup.gateway(), name));
    compareRounds(Direction.FORWARD);
    describeDifferences();
    return state.get(name);
  }

  private void compareRounds(Direction direction) {
    new CompareRounds(setup, options, pace, progress)
        .run(
            name,
            direction,
            CompareRounds.CLEAN_ROUNDS,
            note -> state.put(state.get(name).withComparison(note)));
  }

  /** Schema and indexes; other indexes on purpose are fine, so this is said and no more. */
  private void describeDifferences() {
    CollectionDescription expected = setup.source().source(name).describe();
    CollectionDescription actual = setup.target().source(name).describe();
    String key = expected.schema().primaryKey().name();
    Set<String> announced =
        Set.of("aliases", "properties", "settings", "schema.fields.%s.autoId".formatted(key));
    for (DescriptionFinding finding :
        DescriptionComparison.of(expected, actual, announced).findings()) {
      notes.add(finding.message());
    }
  }

  private LiveCollection shadow() {
    Mirrors.known(setup.gateway(), name);
    ShadowCounts counts = ShadowCounts.NONE;
    if (!options.watch().isZero() && options.shadowPercent() > 0) {
      setup.gateway().resetReads(name);
      setup.gateway().shadow(name, options.shadowPercent());
      pace.pause(options.watch());
      counts = Mirrors.known(setup.gateway(), name).shadow();
      setup.gateway().shadow(name, 0);
    }
    ProbeCounts probes = new Probes(setup, name, pace).run();
    ShadowNote note =
        new ShadowNote(
            pace.instant(),
            counts.searches(),
            counts.errors(),
            counts.recall(),
            counts.sourceP50Micros(),
            counts.targetP50Micros(),
            probes.searches(),
            probes.recall());
    LiveCollection seen = state.put(state.get(name).withShadow(note));
    if (probes.targetErrors() + probes.wrong() > 0) {
      throw new FerryException(
          ErrorCode.CUTOVER_UNSAFE,
          "%s: %d of %d probes failed at the target: %s"
              .formatted(
                  name, probes.targetErrors() + probes.wrong(), probes.reads(), probes.lastError()),
          "See to the target, then run the same command again.",
          null);
    }
    if (note.leastRecall() < options.minRecall()) {
      throw new FerryException(
          ErrorCode.CUTOVER_UNSAFE,
          "%s: the target finds %s of what the source finds, less than %s"
              .formatted(
                  name,
                  CutoverGate.percent(note.leastRecall()),
                  CutoverGate.percent(options.minRecall())),
          "Compare the indexes of both sides, or lower --min-recall.",
          null);
    }
    if (note.leastRecall() < LOW_RECALL) {
      notes.add(
          "the target finds %s of what the source finds; compare the indexes of both sides"
              .formatted(CutoverGate.percent(note.leastRecall())));
    }
    if (counts.errors() > 0) {
      notes.add(
          "the target failed %d of %d shadow searches"
              .formatted(counts.errors(), counts.searches()));
    }
    return seen;
  }
}
