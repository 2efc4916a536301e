package io.milvusferry.gateway;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.journal.Mirror;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.gateway.proxy.OwnCalls;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks every other second whether the mirrored collections are still those that they were. The
 * gateway refuses to drop or change one, but not everybody goes through the gateway. What was
 * dropped, made anew or given other fields at the source is mirrored no more: the rows of one
 * collection must not become rows of another.
 *
 * <p>Only while the source decides: afterwards the target has everything. As long as the source
 * does not answer, nobody can tell, and the watch goes on.
 */
final class SourceWatch implements AutoCloseable {
  private static final Duration BETWEEN = Duration.ofSeconds(2);

  /** Looks in a row that must agree, so that a server that is starting is not taken at its word. */
  private static final int LOOKS = 2;

  private final Mirroring mirroring;
  private final OwnCalls source;
  private final Runnable replaced;
  private final Map<CollectionName, Integer> suspicions = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "source-watch");

  /**
   * @param replaced told when a name means another collection than before
   */
  SourceWatch(Mirroring mirroring, OwnCalls source, Runnable replaced) {
    this.mirroring = mirroring;
    this.source = source;
    this.replaced = replaced;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
        mirroring.collections().forEach(this::tryLook);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryLook(CollectionName collection) {
    try {
      look(collection);
    } catch (RuntimeException e) {
      // The source does not tell just now, or the collection was forgotten meanwhile.
      forgive(collection);
    }
  }

  private synchronized void forgive(CollectionName collection) {
    suspicions.remove(collection);
  }

  /**
   * Looks once, and remembers what the collection is when it was not looked at before.
   *
   * @throws FerryException when the source cannot tell, or the journal cannot be written
   */
  synchronized void look(CollectionName collection) {
    Optional<Mirror> mirror = mirroring.find(collection);
    if (mirror.isEmpty()
        || mirror.get().direction() != Direction.FORWARD
        || !mirror.get().broken().isEmpty()) {
      return;
    }
    Optional<String> now = source.identity(collection);
    String before = mirroring.identity(collection);
    if (now.isPresent() && (before.isEmpty() || before.equals(now.get()))) {
      suspicions.remove(collection);
      if (before.isEmpty()) {
        mirroring.identify(collection, now.get());
      }
    } else if (suspicions.merge(collection, 1, Integer::sum) == LOOKS) {
      suspicions.remove(collection);
      mirroring.breakOff(
          collection,
          now.isEmpty()
              ? "the source has no %s any more".formatted(collection)
              : "%s at the source was made anew, or has other fields than when it was mirrored"
                  .formatted(collection));
      replaced.run();
    }
  }

  /**
   * Looks now.
   *
   * @throws FerryException {@code COLLECTION_REPLACED} when the collection is not the one that was
   *     mirrored
   */
  void require(CollectionName collection) {
    tryLook(collection);
    while (suspected(collection)) {
      pause();
      tryLook(collection);
    }
    mirroring
        .find(collection)
        .map(Mirror::broken)
        .filter(why -> !why.isEmpty())
        .ifPresent(
            why -> {
              throw new FerryException(
                  ErrorCode.COLLECTION_REPLACED,
                  why,
                  "Give its migration up with ferry live rollback --abandon --drop-target, then"
                      + " start it again.",
                  null);
            });
  }

  private synchronized boolean suspected(CollectionName collection) {
    return suspicions.containsKey(collection);
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "looking at the source was stopped",
          "Run the same command again.",
          e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(BETWEEN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
