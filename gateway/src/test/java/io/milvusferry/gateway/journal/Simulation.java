package io.milvusferry.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One random life of a mirrored collection in one thread: clients that write at once, servers that
 * fail, refuse and lose answers, processes that die and are started again. The seed tells it all.
 */
final class Simulation implements AutoCloseable {
  private static final CollectionName BOOKS = new CollectionName("default", "books");
  private static final int KEYS = 6;
  private static final int CLIENTS = 5;
  private static final MirroringSettings SETTINGS =
      new MirroringSettings(
          1_000_000,
          3,
          Duration.ofSeconds(2),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(100),
          Duration.ofSeconds(1));

  /** A write that a client waits for. */
  private static final class Call {
    final Write write;
    final WriteLog.Intent intent;
    final CollectionGate.Pass pass;
    final boolean alone;
    FakeServer.@Nullable Answer answer;

    Call(Write write, WriteLog.Intent intent, CollectionGate.Pass pass, boolean alone) {
      this.write = write;
      this.intent = intent;
      this.pass = pass;
      this.alone = alone;
    }
  }

  private final Random random;
  private final Path dir;
  private final FakeServer source = new FakeServer(1_000, 1_000);
  private final FakeServer target = new FakeServer(10, 1_000_000);
  private final List<Call> calls = new ArrayList<>();
  private final boolean deletesHaveTimestamps;
  private long now = 1_000_000;
  private boolean followerDown;
  private boolean deciderDown;
  private boolean poisoned;
  private final int staleLook;
  private int looks;
  private int lives;
  private long lastAnswered;
  private Mirroring mirroring;

  Simulation(long seed, Path dir) {
    this.random = new Random(seed);
    this.dir = dir;
    this.deletesHaveTimestamps = random.nextBoolean();
    this.staleLook = random.nextInt(20);
    this.mirroring = open();
    mirroring.mirror(BOOKS, () -> 0);
  }

  private Mirroring open() {
    return Mirroring.open(
        life(),
        "a",
        "b",
        side(target, source),
        side(source, target),
        SETTINGS,
        () -> Instant.ofEpochMilli(now),
        random,
        Runnable::run,
        false);
  }

  private Path life() {
    return dir.resolve("life-" + lives);
  }

  private ReplaySide side(FakeServer follower, FakeServer decider) {
    return new ReplaySide() {
      @Override
      public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
        if (followerDown && random.nextInt(4) > 0) {
          return new ReplayOutcome.Later("down");
        }
        if (poisoned && new String(request, StandardCharsets.UTF_8).contains("bad")) {
          return new ReplayOutcome.Refused("bad");
        }
        FakeServer.Answer answer = follower.execute(kind, request);
        return followerDown || random.nextInt(8) == 0
            ? new ReplayOutcome.Later("answer lost")
            : new ReplayOutcome.Applied(answer.timestamp());
      }

      @Override
      public Sighting look(CollectionName collection, String partition, List<Key> keys) {
        if (followerDown || deciderDown) {
          throw new FerryException(ErrorCode.SERVER_UNREACHABLE, "down", "Wait.", null);
        }
        return new Sighting(
            FakeServer.digests(answered(decider), keys), FakeServer.digests(follower.rows, keys));
      }

      @Override
      public Repair repair(
          CollectionName collection, String partition, List<Key> keys, @Nullable Sighting before) {
        Sighting now = look(collection, partition, keys);
        return FakeServer.repair(BOOKS, now, keys, before);
      }
    };
  }

  /** The rows that the deciding side shows: in one look of its life, those of a while ago. */
  private Map<Long, String> answered(FakeServer decider) {
    return looks++ == staleLook ? decider.before : decider.rows;
  }

  /** Lives through so many events. */
  void run(int events) throws IOException {
    for (int i = 0; i < events; i++) {
      now += random.nextInt(400);
      event();
      mirroring.journal().flush();
      check();
    }
  }

  private void event() throws IOException {
    int dice = random.nextInt(100);
    if (dice < 35) {
      begin();
    } else if (dice < 60) {
      proceed();
    } else if (dice < 80) {
      mirroring.turn();
    } else if (dice < 83) {
      crash();
    } else if (dice < 86) {
      followerDown = !followerDown;
    } else if (dice < 88) {
      deciderDown = !deciderDown;
    } else if (dice < 90) {
      poisoned = !poisoned;
    } else if (dice < 94) {
      mirroring.replay(BOOKS, random.nextInt(4) > 0);
    } else if (dice < 96) {
      mayBeBusy(() -> mirroring.retryFailed(BOOKS));
    } else if (dice < 98) {
      mayBeBusy(
          () -> mirroring.reconcile(BOOKS, "", List.of(key(), key()), RepairScope.upTo(1_000)));
    } else {
      mayBeBusy(
          () ->
              mirroring.direct(
                  BOOKS,
                  mirror().direction() == Direction.FORWARD
                      ? Direction.REVERSE
                      : Direction.FORWARD));
      lastAnswered = 0;
    }
  }

  private static void mayBeBusy(Runnable work) {
    try {
      work.run();
    } catch (FerryException e) {
      assertThat(e.code())
          .isIn(ErrorCode.MIRROR_BUSY, ErrorCode.MIRROR_UNSAFE, ErrorCode.SERVER_UNREACHABLE);
    }
  }

  private Mirror mirror() {
    return mirroring.find(BOOKS).orElseThrow();
  }

  private FakeServer decider() {
    return mirror().direction() == Direction.FORWARD ? source : target;
  }

  private FakeServer follower() {
    return mirror().direction() == Direction.FORWARD ? target : source;
  }

  private Key key() {
    List<Long> made = List.copyOf(decider().rows.keySet());
    long known = made.isEmpty() ? 1 : made.get(random.nextInt(made.size()));
    return new Key.Int64(random.nextInt(3) == 0 ? known : random.nextInt(KEYS));
  }

  /** A client writes. */
  private void begin() {
    int dice = random.nextInt(10);
    WriteKind kind = dice < 6 ? WriteKind.UPSERT : dice < 9 ? WriteKind.DELETE : WriteKind.INSERT;
    boolean alone = kind == WriteKind.DELETE && !deletesHaveTimestamps;
    if (calls.size() >= CLIENTS
        || (alone && !calls.isEmpty())
        || calls.stream().anyMatch(call -> call.alone)) {
      return;
    }
    TreeSet<Long> keys = new TreeSet<>();
    for (int i = random.nextInt(3); kind != WriteKind.INSERT && i >= 0; i--) {
      keys.add(((Key.Int64) key()).value());
    }
    String value = (random.nextInt(12) == 0 ? "bad" : "good") + random.nextInt(1_000_000);
    Write write = FakeServer.write(BOOKS, kind, List.copyOf(keys), value);
    CollectionGate gate = mirroring.gate(BOOKS);
    CollectionGate.Pass pass = alone ? gate.alone(Duration.ZERO) : gate.shared();
    calls.add(new Call(write, mirroring.intend(write), pass, alone));
  }

  /** A write of some client goes one step. */
  private void proceed() {
    if (calls.isEmpty()) {
      return;
    }
    Call call = calls.get(random.nextInt(calls.size()));
    FakeServer.Answer answer = call.answer;
    if (answer == null && random.nextInt(10) > 0) {
      call.answer = decider().execute(call.write.kind(), call.write.request());
      return;
    }
    calls.remove(call);
    if (answer == null) {
      call.intent.refused();
    } else if (random.nextInt(10) == 0) {
      call.intent.unknown();
    } else {
      long timestamp = call.alone ? 0 : answer.timestamp();
      lastAnswered = Math.max(lastAnswered, answer.timestamp());
      call.intent.done(timestamp, answer.keys().getBytes(StandardCharsets.UTF_8));
    }
    call.pass.close();
  }

  /** The process dies; what it asked the server for may still be done. */
  private void crash() throws IOException {
    mirroring.journal().flush();
    Path before = life();
    lives++;
    Files.createDirectories(life());
    for (String file : List.of("journal.db", "journal.db-wal")) {
      if (Files.exists(before.resolve(file))) {
        Files.copy(before.resolve(file), life().resolve(file));
      }
    }
    for (Call call : calls) {
      if (call.answer == null && random.nextBoolean()) {
        decider().execute(call.write.kind(), call.write.request());
      }
      call.pass.close();
    }
    calls.clear();
    mirroring.close();
    mirroring = open();
  }

  private MirrorStatus status() {
    return mirroring.status(BOOKS, ReadCounts.NONE, ShadowCounts.NONE);
  }

  /** Who is said to be caught up is. */
  private void check() {
    if (calls.isEmpty() && !status().dirty()) {
      boolean reached = mirror().reached(lastAnswered) && status().pendingRecords() == 0;
      if (status().caughtUp() || reached) {
        assertThat(follower().rows).isEqualTo(decider().rows);
      }
    }
  }

  /** All faults end. Then both sides have the same rows, whatever happened before. */
  void end() {
    followerDown = false;
    deciderDown = false;
    poisoned = false;
    while (!calls.isEmpty()) {
      proceed();
    }
    mirroring.replay(BOOKS, true);
    for (int i = 0; i < 400 && !status().caughtUp(); i++) {
      mirroring.journal().flush();
      now += 500;
      mirroring.turn();
      if (status().failedWrites() > 0) {
        mirroring.retryFailed(BOOKS);
      }
    }
    assertThat(status().caughtUp()).as("%s", status()).isTrue();
    if (status().dirty()) {
      TreeSet<Long> all = new TreeSet<>(source.rows.keySet());
      all.addAll(target.rows.keySet());
      List<Key> keys = all.stream().map(k -> (Key) new Key.Int64(k)).toList();
      Reconciled last = new Reconciled(0, 1, 0);
      while (last.unsettled() > 0) {
        last = mirroring.reconcile(BOOKS, "", keys, RepairScope.upTo(1_000));
        for (int i = 0; i < 50 && !status().caughtUp(); i++) {
          now += 500;
          mirroring.turn();
        }
      }
      mirroring.clean(BOOKS);
    }
    assertThat(follower().rows).isEqualTo(decider().rows);
    assertThat(mirroring.keptBytes()).isZero();
    mirroring.journal().flush();
    assertThat(status().lag()).isZero();
  }

  @Override
  public void close() {
    mirroring.close();
  }
}
