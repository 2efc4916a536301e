package io.milvusferry.gateway;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.gateway.proxy.OwnCalls;
import io.milvusferry.gateway.proxy.ReadMeter;
import io.milvusferry.gateway.proxy.ReadMeters;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Steers the gateway of this process. */
final class LocalControl implements GatewayControl {
  private final GatewayFacts facts;
  private final BooleanSupplier ready;
  private final Mirroring mirroring;
  private final ReadMeters meters;
  private final OwnCalls source;
  private final SourceWatch watch;

  LocalControl(
      GatewayFacts facts,
      BooleanSupplier ready,
      Mirroring mirroring,
      ReadMeters meters,
      OwnCalls source,
      SourceWatch watch) {
    this.facts = facts;
    this.ready = ready;
    this.mirroring = mirroring;
    this.meters = meters;
    this.source = source;
    this.watch = watch;
  }

  @Override
  public GatewayStatus status() {
    return facts.status(
        ready.getAsBoolean(),
        mirroring.journalBytes(),
        mirroring.collections().stream().map(this::status).toList());
  }

  @Override
  public MirrorStatus mirror(CollectionName collection) {
    if (mirroring.find(collection).isEmpty()) {
      source.requireCollection(collection);
      mirroring.mirror(collection, () -> source.timestamp(collection.database()));
      watch.look(collection);
    }
    return status(collection);
  }

  @Override
  public MirrorStatus replay(CollectionName collection, boolean running) {
    if (running) {
      watch.require(collection);
    }
    mirroring.replay(collection, running);
    return status(collection);
  }

  @Override
  public MirrorStatus readWeight(CollectionName collection, int percent) {
    requirePercent(percent);
    if (percent > 0) {
      watch.require(collection);
    }
    mirroring.readWeight(collection, percent);
    return status(collection);
  }

  @Override
  public MirrorStatus shadow(CollectionName collection, int percent) {
    mirroring.shadow(collection, requirePercent(percent));
    return status(collection);
  }

  @Override
  public MirrorStatus resetReads(CollectionName collection) {
    meters.reset(collection);
    return status(collection);
  }

  @Override
  public Reconciled reconcile(
      CollectionName collection, String partition, List<Key> keys, RepairScope scope) {
    watch.require(collection);
    return mirroring.reconcile(collection, partition, keys, scope);
  }

  @Override
  public MirrorStatus clean(CollectionName collection) {
    watch.require(collection);
    mirroring.clean(collection);
    return status(collection);
  }

  @Override
  public MirrorStatus direct(CollectionName collection, Direction direction) {
    if (direction == Direction.REVERSE
        && status(collection).direction() != Direction.REVERSE
        && source.requireCollection(collection)) {
      throw new FerryException(
          ErrorCode.MIRROR_UNSAFE,
          "the source makes the keys of %s itself, so it cannot take the rows of the target"
              .formatted(collection),
          "Go on without a way back: ferry live finish retires the source at once.",
          null);
    }
    if (direction != Direction.FORWARD) {
      watch.require(collection);
    }
    mirroring.direct(collection, direction);
    return status(collection);
  }

  @Override
  public void forget(CollectionName collection) {
    mirroring.forget(collection);
    meters.reset(collection);
  }

  @Override
  public List<FailedWrite> failedWrites(CollectionName collection) {
    return mirroring.failedWrites(collection);
  }

  @Override
  public MirrorStatus retryFailed(CollectionName collection) {
    mirroring.retryFailed(collection);
    return status(collection);
  }

  /** Does nothing: the gateway closes what this steers. */
  @Override
  public void close() {}

  private MirrorStatus status(CollectionName collection) {
    ReadMeter meter = meters.of(collection);
    return mirroring.status(collection, meter.reads(), meter.shadows());
  }

  private static int requirePercent(int percent) {
    if (percent < 0 || percent > 100) {
      throw new FerryException(
          ErrorCode.USAGE, percent + " is no percentage", "Give a number from 0 to 100.", null);
    }
    return percent;
  }
}
