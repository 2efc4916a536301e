package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.LoadState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives loaded collections the names that they are to have. Where a kill came in between is seen by
 * the ids of the server, so every step may be done again.
 */
final class Publication {
  private final MilvusServer server;
  private final ImportJournal journal;
  private final InstantSource clock;
  private final Duration patience;
  private final SwapNames names;

  /**
   * @param patience how long a collection may take to be loaded again
   */
  Publication(MilvusServer server, ImportJournal journal, InstantSource clock, Duration patience) {
    this.server = server;
    this.journal = journal;
    this.clock = clock;
    this.patience = patience;
    this.names = new SwapNames(journal.importId());
  }

  /** Goes on where an earlier run was stopped; it had decided that all collections are done. */
  void resume() {
    journal.all().stream()
        .filter(one -> one.swap().isPresent() && !one.published())
        .forEach(this::finish);
  }

  /**
   * Publishes these collections: first all are in the journal, then one after the other takes its
   * name. Of each, queries under its aliases see the one or the other; under its name there is
   * nothing for the moment between two renames.
   *
   * @throws FerryException {@link ErrorCode#TARGET_CHANGED} where another collection took a name
   *     meanwhile; the next run goes on
   */
  void publish(List<Swap> swaps) {
    for (Swap swap : swaps) {
      CollectionProgress progress = journal.progress(names.temporary(swap.name()));
      if (progress.swap().isEmpty()) {
        log(progress).publishing(swap);
      }
    }
    resume();
  }

  private void finish(CollectionProgress progress) {
    CollectionName temporary = progress.name();
    Swap swap = progress.swap().orElseThrow();
    long ours = progress.id().orElseThrow();
    giveName(swap, temporary, ours, swap.replaced(), names.kept(swap.name()));
    CollectionSource renamed = server.source(swap.name());
    if (swap.loaded() && renamed.loadState() != LoadState.LOADED) {
      renamed.load(1, patience);
    }
    log(progress).published(swap.name());
  }

  /**
   * Gives a collection the aliases and the name, unless it has the name already.
   *
   * @param from what it is called
   * @param id the server's id of it
   * @param other id of the one that may have the name
   * @param aside what that one is called then
   */
  private void giveName(Swap swap, CollectionName from, long id, long other, CollectionName aside) {
    Optional<Long> there = id(swap.name());
    if (there.isPresent() && there.get() == id) {
      return;
    }
    require(from, id);
    swap.aliases().forEach(alias -> server.setAlias(from, alias));
    if (there.isPresent()) {
      require(swap.name(), other);
      target(swap.name()).rename(aside.name());
    }
    target(from).rename(swap.name().name());
  }

  /**
   * Takes names back from the collections that this import published, and gives them to those that
   * had them before.
   *
   * @return the names
   * @throws FerryException {@link ErrorCode#TARGET_CHANGED} where they are not what the import left
   */
  List<CollectionName> revert() {
    List<CollectionName> reverted = new ArrayList<>();
    for (CollectionProgress progress : kept()) {
      Swap swap = progress.swap().orElseThrow();
      CollectionName kept = names.kept(swap.name());
      CollectionName temporary = names.temporary(swap.name());
      giveName(swap, kept, swap.replaced(), progress.id().orElseThrow(), temporary);
      log(progress).reverted(temporary);
      reverted.add(swap.name());
    }
    return reverted;
  }

  /**
   * Drops the collections that had the names before.
   *
   * @return what they were called when they were kept
   * @throws FerryException {@link ErrorCode#TARGET_CHANGED} where one is not what the import left
   */
  List<CollectionName> dropKept() {
    List<CollectionProgress> published = kept();
    for (CollectionProgress progress : published) {
      Swap swap = progress.swap().orElseThrow();
      CollectionName kept = names.kept(swap.name());
      if (id(kept).isPresent()) {
        require(kept, swap.replaced());
        server.source(kept).release();
        target(kept).drop();
      }
      log(progress).keptGone();
    }
    return published.stream().map(progress -> names.kept(progress.name())).toList();
  }

  private List<CollectionProgress> kept() {
    return journal.all().stream()
        .filter(one -> one.published() && one.swap().filter(s -> s.replaced() > 0).isPresent())
        .toList();
  }

  private Optional<Long> id(CollectionName name) {
    return target(name).exists()
        ? Optional.of(server.source(name).identity().id())
        : Optional.empty();
  }

  private void require(CollectionName name, long id) {
    Optional<Long> there = id(name);
    if (there.isEmpty() || there.get() != id) {
      throw new FerryException(
          ErrorCode.TARGET_CHANGED,
          "%s is %s at the target, where it was left with id %d"
              .formatted(name, there.isEmpty() ? "gone" : "another collection, " + there.get(), id),
          "Find out who else works there; rename the collections by hand, or import anew.",
          null);
    }
  }

  private CollectionTarget target(CollectionName name) {
    return server.target(name);
  }

  private CollectionLog log(CollectionProgress progress) {
    return new CollectionLog(journal, progress.name(), clock);
  }
}
