package io.milvusferry.migration.live;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowDifference;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway in memory between two servers, with knobs for what goes wrong. */
final class FakeGateway implements GatewayControl {
  /** A write that the other side lacks. */
  private record Pending(Consumer<CollectionTarget> effect, Instant at) {}

  private static final class Mirror {
    final Instant since;
    final long sinceTimestamp;
    final Deque<Pending> journal = new ArrayDeque<>();
    Direction direction = Direction.FORWARD;
    boolean replaying;
    int weight;
    int shadow;
    long failed;
    long unresolved;
    boolean dirty;
    String error = "";

    Mirror(Instant since, long sinceTimestamp) {
      this.since = since;
      this.sinceTimestamp = sinceTimestamp;
    }
  }

  private final MilvusServer source;
  private final MilvusServer target;
  private final Pace pace;
  private final Map<CollectionName, Mirror> mirrors = new TreeMap<>();
  private IntFunction<ReadCounts> reads = weight -> ReadCounts.NONE;
  private ShadowCounts shadows = ShadowCounts.NONE;
  private String replayError = "";
  private int busy;
  private Runnable beforeLooks = () -> {};
  private Runnable betweenLooks = () -> {};
  private int calls;
  private int killAt = -1;
  private boolean killAfter;
  private final List<String> log = new ArrayList<>();

  private String listen = "127.0.0.1:19500";
  private String sourceAddress = "127.0.0.1:19501";
  private String targetAddress = "127.0.0.1:19502";

  FakeGateway(MilvusServer source, MilvusServer target, Pace pace) {
    this.source = source;
    this.target = target;
    this.pace = pace;
  }

  /** Where the two servers are, as {@code host:port}; who calls this gateway reaches the source. */
  void between(String sourceIsAt, String targetIsAt) {
    listen = sourceIsAt;
    sourceAddress = sourceIsAt;
    targetAddress = targetIsAt;
  }

  /** Dies at the nth change from now on, before or after its effect. */
  void killAt(int nth, boolean after) {
    killAt = calls + nth;
    killAfter = after;
  }

  int changes() {
    return calls;
  }

  /** The changes, in their order, such as {@code direct default.a REVERSE}. */
  List<String> log() {
    return List.copyOf(log);
  }

  /** What becomes of reads at each weight. */
  void readsAre(IntFunction<ReadCounts> found) {
    reads = found;
  }

  void shadowsAre(ShadowCounts found) {
    shadows = found;
  }

  /** The follower takes no write any more; with an empty text it does again. */
  void replayFails(String error) {
    replayError = error;
  }

  /** So many reconciliations find the journal too long. */
  void busy(int times) {
    busy = times;
  }

  /** Runs once, before the next reconciliation looks. */
  void beforeReconciling(Runnable action) {
    beforeLooks = action;
  }

  /** Runs once, between the two looks of the next reconciliation. */
  void betweenLooks(Runnable action) {
    betweenLooks = action;
  }

  void failWrites(CollectionName name, long count) {
    mirror(name, "a test").failed = count;
  }

  void unresolved(CollectionName name, long count) {
    mirror(name, "a test").unresolved = count;
  }

  void dirty(CollectionName name) {
    mirror(name, "a test").dirty = true;
  }

  /** Forgets a collection behind everybody's back, as if the journal were another. */
  void lose(CollectionName name) {
    mirrors.remove(name);
  }

  boolean mirrors(CollectionName name) {
    return mirrors.containsKey(name);
  }

  /** An application's upsert. */
  void upsert(CollectionName name, String partition, RecordBatch rows) {
    write(name, side -> side.upsert(partition, rows));
  }

  /** An application's delete. */
  void delete(CollectionName name, String partition, List<Key> keys) {
    write(name, side -> side.delete(partition, keys));
  }

  private void write(CollectionName name, Consumer<CollectionTarget> effect) {
    Mirror mirror = mirrors.get(name);
    boolean forward = mirror == null || mirror.direction == Direction.FORWARD;
    effect.accept((forward ? source : target).target(name));
    if (mirror != null && mirror.direction != Direction.RETIRED) {
      mirror.journal.add(new Pending(effect, pace.instant()));
    }
  }

  private void drain(CollectionName name) {
    Mirror mirror = mirrors.get(name);
    if (mirror == null || !mirror.replaying) {
      return;
    }
    mirror.error = mirror.journal.isEmpty() ? "" : replayError;
    if (!replayError.isEmpty()) {
      return;
    }
    MilvusServer follows = mirror.direction == Direction.FORWARD ? target : source;
    while (!mirror.journal.isEmpty()) {
      mirror.journal.peek().effect().accept(follows.target(name));
      mirror.journal.remove();
    }
  }

  @Override
  public GatewayStatus status() {
    mirrors.keySet().forEach(this::drain);
    List<MirrorStatus> all = mirrors.keySet().stream().map(this::status).toList();
    return new GatewayStatus(
        true, "1", listen, sourceAddress, targetAddress, Duration.ofSeconds(1), 0, all);
  }

  private MirrorStatus status(CollectionName name) {
    Mirror mirror = mirror(name, "status");
    Pending oldest = mirror.journal.peek();
    return new MirrorStatus(
        name,
        mirror.direction,
        mirror.since,
        mirror.sinceTimestamp,
        mirror.replaying,
        mirror.weight,
        mirror.shadow,
        mirror.journal.size(),
        oldest == null ? Duration.ZERO : Duration.between(oldest.at(), pace.instant()),
        mirror.failed,
        mirror.unresolved,
        mirror.dirty,
        mirror.error,
        reads.apply(mirror.weight),
        shadows);
  }

  @Override
  public MirrorStatus mirror(CollectionName name) {
    return change(
        "mirror " + name,
        () -> {
          if (!mirrors.containsKey(name)) {
            mirrors.put(
                name, new Mirror(pace.instant(), source.source(name).timestamp().orElse(0L)));
          }
          return status(name);
        });
  }

  @Override
  public MirrorStatus replay(CollectionName name, boolean running) {
    return set("replay", name, running, (mirror, on) -> mirror.replaying = on);
  }

  @Override
  public MirrorStatus readWeight(CollectionName name, int percent) {
    return set("weight", name, percent, (mirror, weight) -> mirror.weight = weight);
  }

  @Override
  public MirrorStatus shadow(CollectionName name, int percent) {
    return set("shadow", name, percent, (mirror, share) -> mirror.shadow = share);
  }

  @Override
  public MirrorStatus resetReads(CollectionName name) {
    return set("reset", name, 0, (mirror, nothing) -> {});
  }

  @Override
  public MirrorStatus clean(CollectionName name) {
    return set("clean", name, false, (mirror, dirty) -> mirror.dirty = dirty);
  }

  @Override
  public MirrorStatus retryFailed(CollectionName name) {
    return set("retry", name, 0L, (mirror, none) -> mirror.failed = none);
  }

  @Override
  public MirrorStatus direct(CollectionName name, Direction direction) {
    return change(
        "direct %s %s".formatted(name, direction),
        () -> {
          Mirror mirror = mirror(name, "direct");
          drain(name);
          if (mirror.failed > 0) {
            throw failure(ErrorCode.MIRROR_UNSAFE, "writes failed");
          }
          if (!mirror.journal.isEmpty()) {
            throw failure(ErrorCode.MIRROR_BUSY, "the journal is not empty");
          }
          mirror.direction = direction;
          return status(name);
        });
  }

  @Override
  public Reconciled reconcile(
      CollectionName name, String partition, List<Key> keys, RepairScope scope) {
    return change(
        "reconcile " + name,
        () -> {
          if (busy > 0) {
            busy--;
            throw failure(ErrorCode.MIRROR_BUSY, "the journal is too long");
          }
          drain(name);
          Mirror mirror = mirror(name, "reconcile");
          MilvusServer decides = mirror.direction == Direction.FORWARD ? source : target;
          MilvusServer follows = mirror.direction == Direction.FORWARD ? target : source;
          Runnable earlier = beforeLooks;
          beforeLooks = () -> {};
          earlier.run();
          List<Optional<RecordBatch>> first =
              keys.stream().map(key -> row(decides, name, partition, key)).toList();
          List<Optional<RecordBatch>> firstFollowing =
              keys.stream().map(key -> row(follows, name, partition, key)).toList();
          Runnable meanwhile = betweenLooks;
          betweenLooks = () -> {};
          meanwhile.run();
          List<Runnable> repairs = new ArrayList<>();
          int losses = 0;
          int unsettled = 0;
          for (int i = 0; i < keys.size(); i++) {
            Key key = keys.get(i);
            Optional<RecordBatch> right = row(decides, name, partition, key);
            Optional<RecordBatch> wrong = row(follows, name, partition, key);
            boolean equalNow = same(right, wrong);
            boolean settled =
                scope.looksTwice()
                    ? (same(first.get(i), right) && same(firstFollowing.get(i), wrong))
                        || (equalNow && same(first.get(i), firstFollowing.get(i)))
                    : equalNow || wrong.isEmpty();
            if (!settled) {
              unsettled++;
            } else if (!equalNow) {
              losses += wrong.isPresent() ? 1 : 0;
              repairs.add(
                  () -> {
                    follows.target(name).delete(partition, List.of(key));
                    right.ifPresent(row -> follows.target(name).upsert(partition, row));
                  });
            }
          }
          if (losses > scope.losses()) {
            return new Reconciled(0, unsettled, losses);
          }
          repairs.forEach(Runnable::run);
          return new Reconciled(repairs.size(), unsettled, 0);
        });
  }

  private static boolean same(Optional<RecordBatch> one, Optional<RecordBatch> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() && other.isEmpty();
    }
    return RowDifference.between(one.get().fields(), one.get(), 0, other.get(), 0)
        .fields()
        .isEmpty();
  }

  private static Optional<RecordBatch> row(
      MilvusServer side, CollectionName name, String partition, Key key) {
    Slice slice = new Slice(partition, new KeyRange(key, key.next().orElse(null)));
    try (BatchCursor cursor = side.source(name).scan(slice, Set.of())) {
      return Optional.ofNullable(cursor.next());
    }
  }

  @Override
  public void forget(CollectionName name) {
    change("forget " + name, () -> Optional.ofNullable(mirrors.remove(name)));
  }

  @Override
  public List<FailedWrite> failedWrites(CollectionName name) {
    long count = mirror(name, "failedWrites").failed;
    return count == 0
        ? List.of()
        : List.of(new FailedWrite(1, "Upsert", "", "7", pace.instant(), "too long"));
  }

  @Override
  public void close() {
    log.add("close");
  }

  private <V> MirrorStatus set(
      String what, CollectionName name, V value, BiConsumer<Mirror, V> effect) {
    return change(
        "%s %s %s".formatted(what, name, value),
        () -> {
          effect.accept(mirror(name, what), value);
          drain(name);
          return status(name);
        });
  }

  private <T> T change(String words, Supplier<T> effect) {
    calls++;
    if (calls == killAt && !killAfter) {
      throw new Killed("before " + words);
    }
    T result = effect.get();
    log.add(words);
    if (calls == killAt) {
      throw new Killed("after " + words);
    }
    return result;
  }

  private Mirror mirror(CollectionName name, String wanted) {
    @Nullable Mirror found = mirrors.get(name);
    if (found == null) {
      throw failure(
          ErrorCode.COLLECTION_NOT_MIRRORED, "%s: %s is not mirrored".formatted(wanted, name));
    }
    return found;
  }

  private static FerryException failure(ErrorCode code, String message) {
    return new FerryException(code, message, "A test arranged this.", null);
  }
}
