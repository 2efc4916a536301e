package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Does the same to many things, several at once; the first failure stops the rest. */
final class ChunkWorkers {
  private static final long PATIENCE_SECONDS = 120;

  private final int atOnce;

  ChunkWorkers(int atOnce) {
    this.atOnce = atOnce;
  }

  /**
   * Runs {@code work} on every thing.
   *
   * @return the results in the order of the things
   * @throws FerryException the first that {@code work} threw, or {@link ErrorCode#INTERRUPTED}
   */
  <T, R> List<R> run(List<T> things, Function<T, R> work) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(atOnce, things.size())));
    try {
      CompletionService<R> finished = new ExecutorCompletionService<>(threads);
      List<Future<R>> futures = new ArrayList<>();
      for (T thing : things) {
        futures.add(finished.submit(() -> work.apply(thing)));
      }
      for (int i = 0; i < futures.size(); i++) {
        await(finished.take());
      }
      List<R> results = new ArrayList<>();
      for (Future<R> future : futures) {
        results.add(await(future));
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } finally {
      stop(threads);
    }
  }

  static FerryException interrupted(InterruptedException cause) {
    return new FerryException(
        ErrorCode.INTERRUPTED,
        "stopped while chunks were on their way",
        "Run the same command again; it resumes.",
        cause);
  }

  static <R> R await(Future<R> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FerryException failure) {
        throw failure;
      }
      throw new FerryException(
          ErrorCode.BUG,
          "unexpected failure of a transfer: " + e.getCause(),
          "Please report this, with the log.",
          e);
    }
  }

  /** Interrupts what still runs, and waits for it: nothing is written after the end. */
  static void stop(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    long end = System.nanoTime() + left;
    while (left > 0) {
      try {
        if (threads.awaitTermination(left, TimeUnit.NANOSECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = end - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
