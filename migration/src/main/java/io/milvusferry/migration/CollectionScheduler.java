package io.milvusferry.migration;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Moves several collections at once, the largest first, so that none is left to run alone at the
 * end. A failure of one does not stop the others.
 */
final class CollectionScheduler {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int jobs;
  private final ProgressSink progress;

  /**
   * @param jobs collections at once
   */
  CollectionScheduler(int jobs, ProgressSink progress) {
    this.jobs = jobs;
    this.progress = progress;
  }

  /** A move and what is known of its size. */
  private record Sized(CollectionMove move, long bytes) {}

  /**
   * Runs all moves.
   *
   * @return what became of them, in the order in which they were begun
   * @throws FerryException {@link ErrorCode#INTERRUPTED} when the thread is interrupted; all moves
   *     have stopped then
   */
  List<MoveResult> run(List<CollectionMove> moves) {
    List<Sized> order =
        moves.stream()
            .map(move -> new Sized(move, move.size()))
            .sorted(Comparator.comparingLong(Sized::bytes).reversed())
            .toList();
    AtomicInteger number = new AtomicInteger();
    ExecutorService executor =
        Executors.newFixedThreadPool(
            jobs, task -> new Thread(task, "ferry-move-" + number.incrementAndGet()));
    try {
      List<Future<MoveResult>> running =
          order.stream().map(sized -> executor.submit(sized.move()::run)).toList();
      List<MoveResult> results = new ArrayList<>();
      for (Future<MoveResult> move : running) {
        results.add(move.get());
      }
      return results;
    } catch (InterruptedException e) {
      stop(executor);
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "the migration was stopped",
          "Run the same command again; it resumes.",
          e);
    } catch (ExecutionException e) {
      throw unexpected(e);
    } finally {
      stop(executor);
    }
  }

  /**
   * Journals and locks are let go of by the moves themselves, so their end is waited for; one that
   * hangs in a call longer than that ends with the process.
   */
  private void stop(ExecutorService executor) {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        progress.notice("some collections are still being stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException unexpected(ExecutionException failure) {
    if (failure.getCause() instanceof Error error) {
      throw error;
    }
    return failure.getCause() instanceof RuntimeException known
        ? known
        : new IllegalStateException(failure);
  }
}
