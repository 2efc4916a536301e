package io.milvusferry.gateway.journal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The thread that replays one collection, and looks up what is unknown of it. */
final class MirrorWorker implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration BUSY = Duration.ofMillis(50);

  private final Mirror mirror;
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private Replay replay;
  private Lookups lookups;
  private volatile boolean closing;

  /** Makes the worker; {@link #start} lets it run. */
  @SuppressWarnings("NullAway.Init")
  MirrorWorker(Mirror mirror) {
    this.mirror = mirror;
    this.thread = new Thread(this::run, "replay-" + mirror.collection());
    thread.setDaemon(true);
  }

  /** Gives it what it drives; once, before anything else. */
  void drive(Replay theReplay, Lookups theLookups) {
    replay = theReplay;
    lookups = theLookups;
  }

  void start() {
    thread.start();
  }

  Mirror mirror() {
    return mirror;
  }

  Replay replay() {
    return replay;
  }

  /** There may be something to do. */
  void wake() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  /** Does what can be done now. Returns how long to wait for a signal after it. */
  Duration turn() {
    boolean idle = replay.advance();
    if (lookups.advance(replay)) {
      return Duration.ZERO;
    }
    Duration pause = replay.pause(IDLE);
    return lookups.pause(idle ? pause : min(pause, IDLE));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void run() {
    while (!closing) {
      Duration pause;
      try {
        pause = turn();
      } catch (RuntimeException e) {
        // The operator reads it in the status; the disk or the server may be mended meanwhile.
        mirror.tally().lastError(String.valueOf(e.getMessage()));
        pause = IDLE;
      }
      await(pause);
    }
  }

  private void await(Duration pause) {
    try {
      if (signal.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        signal.drainPermits();
      }
    } catch (InterruptedException e) {
      closing = true; // only close interrupts this thread
    }
  }

  /** Lets it end; what is being sent may go on. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(BUSY.toMillis() * 100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
