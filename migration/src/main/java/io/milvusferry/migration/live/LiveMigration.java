package io.milvusferry.migration.live;

import io.milvusferry.connector.ServerCollections;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Migrates collections without downtime, by steering a gateway that runs. What was done is recorded
 * in its state directory, so that each command can be run again at any time, also after it was
 * killed. One command at a time changes something.
 */
public final class LiveMigration {
  private final LiveSetup setup;
  private final Pace pace;
  private final ProgressSink progress;

  public LiveMigration(LiveSetup setup, Pace pace, ProgressSink progress) {
    this.setup = setup;
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * Brings the selected collections of the source to where their reads can be cut over, one after
   * the other. A failure of one does not stop the others.
   *
   * @throws FerryException {@code NOTHING_SELECTED}, {@code DIRECTORY_LOCKED}, {@code
   *     GATEWAY_UNREACHABLE}, {@code INTERRUPTED}
   */
  public LiveResult start(NameFilter selection, Backfill backfill, StartOptions options) {
    try (LiveState state = LiveState.open(setup.directory())) {
      List<CollectionName> names =
          ServerCollections.all(setup.source()).stream().filter(selection::selects).toList();
      if (names.isEmpty()) {
        throw nothing("the source has no such collection");
      }
      return each(
          state,
          names,
          name -> new StartRun(setup, state, backfill, options, pace, progress, name).run());
    }
  }

  /** Lets the gateway try the writes again that the other side refused for good. */
  public LiveResult retryFailed(NameFilter selection) {
    try (LiveState state = LiveState.open(setup.directory())) {
      return each(
          state,
          recorded(state, selection),
          name -> {
            Mirrors.known(setup.gateway(), name);
            setup.gateway().retryFailed(name);
            return CollectionOutcome.of(state.get(name), List.of("failed writes are tried again"));
          });
    }
  }

  /** Has reads split by an Nginx from now on; as long as nothing is cut over, to the source. */
  public void splitBy(NginxSettings nginx) {
    try (LiveState state = LiveState.open(setup.directory())) {
      if (state.nginx().filter(nginx::equals).isPresent()) {
        return;
      }
      boolean split =
          state.collections().stream()
              .anyMatch(each -> each.readWeight() > 0 && each.done() != MigrationPhase.RETIRE);
      if (split) {
        throw new FerryException(
            ErrorCode.PHASE_WRONG,
            "reads are split already, so that what splits them cannot change",
            "Run ferry live rollback first.",
            null);
      }
      nginxSplitter(nginx).weigh(List.of(), 0);
      state.splitBy(nginx);
    }
  }

  /**
   * Sends reads of the selected collections to the target, step by step.
   *
   * @throws FerryException {@code CUTOVER_UNSAFE} if it is not safe for one of them, and nothing
   *     was changed then; {@code NOTHING_SELECTED}, {@code DIRECTORY_LOCKED}, {@code
   *     GATEWAY_UNREACHABLE}, {@code NGINX_REFUSED}, {@code INTERRUPTED}
   */
  public LiveResult cutover(NameFilter selection, CutoverOptions options) {
    try (LiveState state = LiveState.open(setup.directory())) {
      List<CollectionName> names =
          recorded(state, selection).stream()
              .filter(name -> state.get(name).done() != MigrationPhase.RETIRE)
              .toList();
      if (names.isEmpty()) {
        throw nothing("every such collection is finished");
      }
      return new CutoverRun(setup, state, splitter(state.nginx()), options, pace, progress)
          .run(names);
    }
  }

  /**
   * Sends reads and writes of the selected collections back to the source.
   *
   * @param abandon whether to give the migration up: the collections are not mirrored any more
   * @param dropTarget whether to drop the target collections that ferry made
   */
  public LiveResult rollback(NameFilter selection, boolean abandon, boolean dropTarget) {
    try (LiveState state = LiveState.open(setup.directory())) {
      List<CollectionName> names = recorded(state, selection);
      ReadSplitter splitter = splitter(state.nginx());
      if (!splitter.splitsByCollection() && names.size() < state.collections().size()) {
        throw new FerryException(
            ErrorCode.USAGE,
            "Nginx cannot tell collections apart, so that all go back or none",
            "Leave --only out.",
            null);
      }
      RollbackRun run = new RollbackRun(setup, state, splitter, pace);
      return each(state, names, name -> abandon ? run.abandon(name, dropTarget) : run.back(name));
    }
  }

  /**
   * Leaves the source of the selected collections behind.
   *
   * @param compare whether to compare once more before
   */
  public LiveResult finish(NameFilter selection, StartOptions options, boolean compare) {
    try (LiveState state = LiveState.open(setup.directory())) {
      LiveResult result =
          each(
              state,
              recorded(state, selection),
              name -> new FinishRun(setup, state, options, pace, progress).run(name, compare));
      boolean all =
          state.collections().stream().allMatch(each -> each.done() == MigrationPhase.RETIRE);
      if (all && state.nginx().isPresent()) {
        nginxSplitter(state.nginx().get()).retire();
      }
      return result;
    }
  }

  /**
   * How the selected collections stand. Changes nothing, and waits for nobody.
   *
   * @param lagLimit the lag up to which a cutover is safe
   */
  public LiveStatus status(NameFilter selection, Duration lagLimit) {
    LiveStateJson.Content content = LiveState.peek(setup.directory());
    GatewayStatus gateway = setup.gateway().status();
    ReadSplitter splitter = splitter(content.nginx());
    List<CollectionStatus> collections = new ArrayList<>();
    for (LiveCollection collection : content.collections().values()) {
      if (selection.selects(collection.name())) {
        var mirror = Mirrors.of(gateway, collection.name());
        collections.add(
            new CollectionStatus(
                collection,
                readWeight(collection, mirror, content.nginx()),
                mirror,
                splitter.reads(collection.name()),
                CutoverSafety.ofReads(collection, mirror, lagLimit)));
      }
    }
    return new LiveStatus(gateway, content.nginx().isPresent() ? "nginx" : "gateway", collections);
  }

  /** What the gateway does is known; an Nginx is taken to do what the last step held. */
  private static int readWeight(
      LiveCollection collection, Optional<MirrorStatus> mirror, Optional<NginxSettings> nginx) {
    return nginx.isPresent()
        ? collection.readWeight()
        : mirror.map(MirrorStatus::readWeight).orElse(collection.readWeight());
  }

  private ReadSplitter splitter(Optional<NginxSettings> nginx) {
    return nginx.isPresent() ? nginxSplitter(nginx.get()) : new GatewaySplitter(setup.gateway());
  }

  private NginxSplitter nginxSplitter(NginxSettings nginx) {
    return new NginxSplitter(
        nginx, NginxAddresses.of(setup.gateway().status()), new NginxServer(nginx.command()), pace);
  }

  private static List<CollectionName> recorded(LiveState state, NameFilter selection) {
    List<CollectionName> names =
        state.collections().stream().map(LiveCollection::name).filter(selection::selects).toList();
    if (names.isEmpty()) {
      throw nothing("no such collection is being migrated");
    }
    return names;
  }

  private static FerryException nothing(String why) {
    return new FerryException(
        ErrorCode.NOTHING_SELECTED,
        why,
        "Check --only; ferry live status lists what is being migrated.",
        null);
  }

  private static LiveResult each(
      LiveState state,
      List<CollectionName> names,
      Function<CollectionName, CollectionOutcome> work) {
    List<CollectionOutcome> outcomes = new ArrayList<>();
    for (CollectionName name : names) {
      try {
        outcomes.add(work.apply(name));
      } catch (FerryException e) {
        if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.GATEWAY_UNREACHABLE) {
          throw e;
        }
        Optional<LiveCollection> reached = state.find(name);
        outcomes.add(
            new CollectionOutcome(
                name,
                reached.map(LiveCollection::done),
                reached.map(LiveCollection::readWeight).orElse(0),
                List.of(),
                Optional.of(e)));
      }
    }
    return new LiveResult(outcomes);
  }
}
