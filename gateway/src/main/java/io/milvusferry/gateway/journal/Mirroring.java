package io.milvusferry.gateway.journal;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The mirrored collections of a gateway: their writes on disk, in {@code journal.db} of a state
 * directory, and their replay. Safe for several threads.
 *
 * <p>How a write goes: take a pass of {@link #gate}, ask {@link #find} whether and which way the
 * collection is mirrored, {@link #intend} the write, ask the side that decides, end the {@link
 * WriteLog.Intent} by its answer, and only then give the pass back and answer the application.
 *
 * <p>All methods with a collection, but for {@link #gate} and {@link #find}, throw {@code
 * COLLECTION_NOT_MIRRORED} unless it is mirrored. Changes are on disk when a method returns; one
 * that throws has changed nothing.
 */
public final class Mirroring implements WriteLog, AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final WriteJournal journal;
  private final Function<Direction, ReplaySide> sides;
  private final MirroringSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Executor senders;
  private final boolean threads;
  private final Map<CollectionName, CollectionGate> gates = new ConcurrentHashMap<>();
  private final Map<CollectionName, MirrorWorker> workers = new ConcurrentHashMap<>();

  private Mirroring(
      WriteJournal journal,
      Function<Direction, ReplaySide> sides,
      MirroringSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Executor senders,
      boolean threads) {
    this.journal = journal;
    this.sides = sides;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.senders = senders;
    this.threads = threads;
  }

  /**
   * Opens the journal of a state directory, makes it where there is none, and goes on with what it
   * holds. What was under way when the last process died is looked up.
   *
   * @param stateDirectory on a local disk
   * @param source what tells the source from other servers; likewise {@code target}
   * @param forward writes to the target what the source decided
   * @param reverse writes to the source what the target decided
   * @throws FerryException {@code DIRECTORY_LOCKED} when a gateway has it, {@code
   *     GATEWAY_STATE_OTHER} when it was made for other servers, {@code JOURNAL_DAMAGED}, {@code
   *     DISK_FULL}, {@code LOCAL_PERMISSION} or {@code LOCAL_IO}
   */
  public static Mirroring open(
      Path stateDirectory,
      String source,
      String target,
      ReplaySide forward,
      ReplaySide reverse,
      MirroringSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    ExecutorService senders = Executors.newCachedThreadPool(Mirroring::sender);
    try {
      return open(
          stateDirectory, source, target, forward, reverse, settings, clock, random, senders, true);
    } catch (RuntimeException e) {
      senders.shutdown();
      throw e;
    }
  }

  /** As above; without threads, {@link #turn} must be called to replay. */
  static Mirroring open(
      Path stateDirectory,
      String source,
      String target,
      ReplaySide forward,
      ReplaySide reverse,
      MirroringSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Executor senders,
      boolean threads) {
    WriteJournal journal = WriteJournal.open(stateDirectory, source, target);
    Function<Direction, ReplaySide> sides =
        direction -> direction == Direction.REVERSE ? reverse : forward;
    Mirroring mirroring = new Mirroring(journal, sides, settings, clock, random, senders, threads);
    try {
      for (Recovery.Found found : new Recovery(journal, clock, settings.settling()).run()) {
        mirroring.take(found.row(), found.last(), found.tally(), found.followerTimestamp());
      }
      return mirroring;
    } catch (RuntimeException e) {
      mirroring.stop();
      journal.close();
      throw e;
    }
  }

  private static Thread sender(Runnable work) {
    Thread thread = new Thread(work, "replay-sender");
    thread.setDaemon(true);
    return thread;
  }

  private MirrorWorker take(MirrorRow row, Place last, Tally tally, long followerTimestamp) {
    Mirror mirror =
        new Mirror(
            journal, gate(row.collection()), new ReplayOrder(last), tally, row, followerTimestamp);
    MirrorWorker worker = new MirrorWorker(mirror);
    worker.drive(
        new Replay(journal, mirror, sides, settings, clock, random, senders, worker::wake),
        new Lookups(journal, mirror, sides, settings, clock, random));
    workers.put(row.collection(), worker);
    if (threads) {
      worker.start();
    }
    return worker;
  }

  /** The gate that every write of that collection passes, mirrored or not. */
  public CollectionGate gate(CollectionName collection) {
    return gates.computeIfAbsent(collection, name -> new CollectionGate());
  }

  /** The collection as it is mirrored; empty when it is not. Does not wait. */
  public Optional<Mirror> find(CollectionName collection) {
    MirrorWorker worker = workers.get(collection);
    return worker == null ? Optional.empty() : Optional.of(worker.mirror());
  }

  /** The mirrored collections, by name. */
  public List<CollectionName> collections() {
    return List.copyOf(new TreeMap<>(workers).keySet());
  }

  /** Size of the journal on disk, in bytes. */
  public long journalBytes() {
    return journal.bytesOnDisk();
  }

  /** Bytes of all writes that are kept, by which {@code MIRROR_LAGGING} is decided. */
  public long keptBytes() {
    return journal.bytesKept();
  }

  @Override
  public Intent intend(Write write) {
    MirrorWorker worker = worker(write.collection());
    if (worker.mirror().direction() == Direction.RETIRED) {
      throw notMirrored(write.collection());
    }
    if (journal.bytesKept() >= settings.maxLagBytes()) {
      throw new FerryException(
          ErrorCode.MIRROR_LAGGING,
          "the journal holds %d bytes of writes that the other side does not have, its limit is %d"
              .formatted(journal.bytesKept(), settings.maxLagBytes()),
          "Let the other side catch up, or raise --max-lag.",
          null);
    }
    return JournaledWrite.keep(
        journal, worker.mirror(), worker::wake, clock, settings.settling(), write);
  }

  /**
   * Mirrors a collection from now on, its journal held. Does nothing if it is mirrored already.
   *
   * @param sinceTimestamp asked while no write of it is under way
   * @throws FerryException {@code MIRROR_BUSY} when its writes do not end soon
   */
  @SuppressWarnings("try") // the pass is held, not used
  public void mirror(CollectionName collection, LongSupplier sinceTimestamp) {
    if (workers.containsKey(collection)) {
      return;
    }
    try (CollectionGate.Pass pass = gate(collection).alone(settings.patience())) {
      if (workers.containsKey(collection)) {
        return;
      }
      MirrorRow row =
          new MirrorRow(
              journal.nextMirror(),
              collection,
              Direction.FORWARD,
              Instant.ofEpochMilli(clock.millis()),
              sinceTimestamp.getAsLong(),
              false,
              0,
              0,
              false);
      journal.commit(0, statements -> MirrorTable.put(statements, row));
      take(row, Place.START, new Tally(), 0);
    }
  }

  /** Lets its journal go to the other side, or holds it. */
  public void replay(CollectionName collection, boolean running) {
    change(collection, row -> row.withReplaying(running));
  }

  /** Sends that percentage of its reads to the target. */
  public void readWeight(CollectionName collection, int percent) {
    change(collection, row -> row.withReadWeight(percent));
  }

  /** Sends that percentage of its searches to the target, too. */
  public void shadow(CollectionName collection, int percent) {
    change(collection, row -> row.withShadowPercent(percent));
  }

  /** Writes of unknown outcome without keys need no longer be feared: it was compared. */
  public void clean(CollectionName collection) {
    change(collection, row -> row.withDirty(false));
  }

  /** What tells the collection at the source from others of its name; empty when nothing does. */
  public String identity(CollectionName collection) {
    long id = worker(collection).mirror().row().id();
    return journal.read(statements -> MirrorTable.identity(statements, id));
  }

  /** Keeps what {@link #identity} says from now on, as long as the collection is mirrored. */
  public void identify(CollectionName collection, String identity) {
    long id = worker(collection).mirror().row().id();
    journal.commit(0, statements -> MirrorTable.identity(statements, id, identity));
  }

  /**
   * The collection at the source is another now: nothing of it goes to the target any more, its
   * reads and writes go to the source alone, and only {@link #forget} ends that.
   */
  public void breakOff(CollectionName collection, String why) {
    worker(collection).mirror().breakOff(why);
  }

  private void change(CollectionName collection, UnaryOperator<MirrorRow> change) {
    MirrorWorker worker = worker(collection);
    worker.mirror().change(change);
    worker.wake();
  }

  /** See {@link io.milvusferry.gateway.GatewayControl#reconcile}. */
  public Reconciled reconcile(
      CollectionName collection, String partition, List<Key> keys, RepairScope scope) {
    return maintenance(collection).reconcile(partition, keys, scope);
  }

  /** See {@link io.milvusferry.gateway.GatewayControl#direct}. */
  public void direct(CollectionName collection, Direction direction) {
    maintenance(collection).direct(direction);
  }

  /** See {@link io.milvusferry.gateway.GatewayControl#forget}. */
  public void forget(CollectionName collection) {
    MirrorWorker worker = worker(collection);
    maintenance(collection).forget(() -> workers.remove(collection, worker));
    worker.close();
    long kept = Recovery.purge(journal);
    journal.keep(-kept);
  }

  /** See {@link io.milvusferry.gateway.GatewayControl#failedWrites}. */
  public List<FailedWrite> failedWrites(CollectionName collection) {
    return maintenance(collection).failedWrites();
  }

  /**
   * Tries failed writes again, and those held behind them: rows with keys are looked up on both
   * sides, and the side that decides wins; inserts whose keys the server made are sent once more.
   *
   * @throws FerryException {@code MIRROR_BUSY} when what is being sent does not end soon
   */
  public void retryFailed(CollectionName collection) {
    maintenance(collection).retryFailed();
  }

  /** The numbers of a collection now. */
  public MirrorStatus status(CollectionName collection, ReadCounts reads, ShadowCounts shadow) {
    return maintenance(collection).status(reads, shadow);
  }

  private Maintenance maintenance(CollectionName collection) {
    return new Maintenance(journal, worker(collection), sides, settings, clock);
  }

  private MirrorWorker worker(CollectionName collection) {
    MirrorWorker worker = workers.get(collection);
    if (worker == null) {
      throw notMirrored(collection);
    }
    return worker;
  }

  private static FerryException notMirrored(CollectionName collection) {
    return new FerryException(
        ErrorCode.COLLECTION_NOT_MIRRORED,
        "%s is not mirrored".formatted(collection),
        "ferry live status lists the mirrored collections.",
        null);
  }

  /** Does once what the threads do. */
  void turn() {
    workers.values().forEach(MirrorWorker::turn);
  }

  WriteJournal journal() {
    return journal;
  }

  private void stop() {
    workers.values().forEach(MirrorWorker::close);
    if (senders instanceof ExecutorService pool) {
      pool.shutdownNow();
      try {
        if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          return; // a call that ignores interrupts: its answer is not waited for, it is sent again
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends replay, and closes the journal with all that was promised in it. */
  @Override
  public void close() {
    stop();
    journal.close();
  }
}
