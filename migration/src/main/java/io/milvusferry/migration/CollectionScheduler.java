package io.milvusferry.migration;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
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
  private final int jobs;

  /**
   * @param jobs collections at once
   */
  CollectionScheduler(int jobs) {
    this.jobs = jobs;
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
      executor.shutdownNow();
      awaitEnd(executor);
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "the migration was stopped",
          "Run the same command again; it resumes.",
          e);
    } catch (ExecutionException e) {
      throw unexpected(e);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Journals are closed by the moves themselves, so their end is worth waiting for. */
  private static void awaitEnd(ExecutorService executor) {
    try {
      if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("moves do not stop");
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
