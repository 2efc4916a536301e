package io.milvusferry.verify;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Runs tasks on an executor and waits for all of them. */
final class ParallelTasks {
  private ParallelTasks() {}

  /**
   * The results of the tasks, in their order. When one fails or this thread is interrupted, tasks
   * that have not begun never do, and those that run are interrupted.
   *
   * @throws FerryException the failure of a task, or {@link ErrorCode#INTERRUPTED}
   */
  static <T> List<T> run(Executor executor, List<? extends Callable<T>> tasks) {
    List<FutureTask<T>> running = new ArrayList<>();
    for (Callable<T> task : tasks) {
      running.add(new FutureTask<>(task));
    }
    try {
      running.forEach(executor::execute);
      List<T> results = new ArrayList<>();
      for (FutureTask<T> task : running) {
        results.add(task.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a task failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED, "interrupted", "Run the same command again.", e);
    } finally {
      running.forEach(task -> task.cancel(true));
    }
  }
}
