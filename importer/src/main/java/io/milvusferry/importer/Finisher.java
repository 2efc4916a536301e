package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings a collection whose rows are all there into the state that the archive tells: persistent,
 * indexed, loaded, with its aliases, compared; properties that delete rows or slow calls down last.
 * Every step may be done again.
 */
final class Finisher {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final ImportContext context;
  private final RowProof rowProof;
  private final boolean compare;

  Finisher(ImportContext context, RowProof rowProof, boolean compare) {
    this.context = context;
    this.rowProof = rowProof;
    this.compare = compare;
  }

  /**
   * @param deviations hears what is kept differently
   */
  Proof finish(TargetCollection collection, List<Deviation> deviations) {
    boolean append = collection.log().progress().begin().orElseThrow().append();
    CollectionSource source = source(collection);
    context
        .times()
        .run(ImportStage.FLUSH, () -> patiently(() -> source.flush(context.limits().step())));
    undo(collection);
    if (!append) {
      context.times().run(ImportStage.INDEX, () -> patiently(() -> makeIndexes(collection)));
    }
    Proof proof = loadAndCompare(collection, append, deviations);
    if (proof instanceof Proof.Different) {
      collection.log().ended(CollectionProgress.End.DIFFERENT);
      return proof;
    }
    Map<String, String> late = TargetDescription.lateProperties(collection.description());
    if (!append && !late.isEmpty()) {
      target(collection).alterProperties(late);
      late.keySet().stream()
          .filter(key -> key.startsWith("collection.ttl"))
          .forEach(
              key ->
                  deviations.add(
                      Deviation.asked(
                          "properties." + key,
                          "ages of rows restart",
                          "they count from the import on")));
    }
    collection
        .log()
        .ended(proof.proven() ? CollectionProgress.End.EQUAL : CollectionProgress.End.NOT_COMPARED);
    return proof;
  }

  /** Compares what an earlier run completed: somebody may have changed it since. */
  Proof proveAgain(TargetCollection collection) {
    undo(collection);
    if (!compare || collection.log().progress().begin().orElseThrow().append()) {
      return new Proof.NotProven("an earlier import proved it, this one did not look again");
    }
    if (source(collection).loadState() != LoadState.LOADED) {
      loadForCompare(collection);
    }
    Proof proof = context.times().measure(ImportStage.COMPARE, () -> prove(collection));
    undo(collection);
    return proof;
  }

  /** Does again what fails for the moment, as it does while a server comes back from a crash. */
  private void patiently(Runnable step) {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (FerryException e) {
        if (!e.code().retryable()
            || e.code() == ErrorCode.INTERRUPTED
            || attempt >= context.limits().tries()) {
          throw e;
        }
        context.progress().notice("tried again: " + e.getMessage());
        context.pause().pause(AFTER_FAILURE);
      }
    }
  }

  private Proof loadAndCompare(
      TargetCollection collection, boolean append, List<Deviation> deviations) {
    boolean keepLoaded = append || collection.entry().description().loadState() == LoadState.LOADED;
    if (keepLoaded && !append) {
      context.times().run(ImportStage.LOAD, () -> load(collection, deviations));
    }
    if (!append) {
      setAliases(collection);
    }
    if (!compare) {
      return new Proof.NotProven("rows were not compared");
    }
    if (!keepLoaded) {
      loadForCompare(collection);
    }
    Proof proof =
        context
            .times()
            .measure(
                ImportStage.COMPARE,
                () -> {
                  awaitRows(collection);
                  return prove(collection);
                });
    undo(collection);
    return proof;
  }

  /** Compares all rows, and where they are the same, how searches are answered. */
  private Proof prove(TargetCollection collection) {
    Proof proof = rowProof.compare(collection);
    return proof instanceof Proof.Equal equal
        ? equal.with(new SearchProof(context).compare(collection))
        : proof;
  }

  private void makeIndexes(TargetCollection collection) {
    List<IndexSpec> present = source(collection).describe().indexes();
    for (IndexSpec index : collection.description().indexes()) {
      if (present.stream().noneMatch(other -> sameIndex(index, other, present))) {
        target(collection).createIndex(index);
      }
    }
    for (IndexSpec index : collection.description().indexes()) {
      target(collection).awaitIndex(index, context.limits().step());
    }
  }

  /** Some servers name the index of a field as they like; then it is the field's only one. */
  private static boolean sameIndex(IndexSpec wanted, IndexSpec present, List<IndexSpec> all) {
    return wanted.field().equals(present.field())
        && (wanted.name().equals(present.name())
            || (present.name().equals(present.field())
                && all.stream().filter(one -> one.field().equals(wanted.field())).count() == 1));
  }

  private void load(TargetCollection collection, List<Deviation> deviations) {
    int replicas = Math.max(1, collection.description().replicas());
    CollectionSource source = source(collection);
    try {
      source.load(replicas, context.limits().step());
    } catch (FerryException e) {
      if (replicas == 1 || e.code().retryable()) {
        throw e;
      }
      source.load(1, context.limits().step());
      deviations.add(
          Deviation.of(
              "settings.replicas",
              "the target does not load %d replicas: %s".formatted(replicas, e.getMessage()),
              "it loads 1"));
    }
  }

  private void loadForCompare(TargetCollection collection) {
    CollectionDescription description = collection.description();
    boolean indexed = description.vectorsWithoutIndex().isEmpty();
    CollectionSource source = source(collection);
    if (!indexed) {
      String index = "ferry_tmp_" + context.journal().importId();
      collection.log().indexing(index);
      context
          .times()
          .run(
              ImportStage.INDEX,
              () -> source.createTemporaryIndexes(index, context.limits().step()));
    }
    collection.log().loading();
    context.times().run(ImportStage.LOAD, () -> source.load(1, context.limits().step()));
    context
        .progress()
        .notice(
            "%s is loaded for the comparison only%s"
                .formatted(collection.name(), indexed ? "" : ", with an index for that time"));
  }

  /** Takes back what was done for the comparison alone, in this run or an earlier one. */
  private void undo(TargetCollection collection) {
    CollectionProgress progress = collection.log().progress();
    if (progress.loadedForCompare()) {
      source(collection).release();
      collection.log().released();
    }
    Optional<String> index = progress.temporaryIndex();
    if (index.isPresent()) {
      source(collection).dropIndexes(index.get());
      // Some servers name an index as they like.
      Set<String> indexed =
          collection.description().indexes().stream()
              .map(IndexSpec::field)
              .collect(Collectors.toSet());
      for (IndexSpec left : source(collection).describe().indexes()) {
        if (!indexed.contains(left.field())) {
          source(collection).dropIndexes(left.name());
        }
      }
      collection.log().indexDropped();
    }
  }

  private void setAliases(TargetCollection collection) {
    List<String> wanted = collection.description().aliases();
    if (wanted.isEmpty()) {
      return;
    }
    List<String> present = source(collection).aliases();
    for (String alias : wanted) {
      if (!present.contains(alias)) {
        context.server().setAlias(collection.name(), alias);
      }
    }
  }

  /** Rows of a bulk import may show seconds after it is done. */
  private void awaitRows(TargetCollection collection) {
    long expected =
        collection.entry().rows() + collection.log().progress().begin().orElseThrow().rowsBefore();
    Instant end = context.clock().instant().plus(context.limits().visible());
    CollectionSource source = source(collection);
    while (true) {
      Optional<Long> count = source.count();
      if (count.isEmpty() || count.get() == expected || context.clock().instant().isAfter(end)) {
        return;
      }
      context.pause().pause(LOOK);
    }
  }

  private CollectionSource source(TargetCollection collection) {
    return context.server().source(collection.name());
  }

  private CollectionTarget target(TargetCollection collection) {
    return context.server().target(collection.name());
  }
}
