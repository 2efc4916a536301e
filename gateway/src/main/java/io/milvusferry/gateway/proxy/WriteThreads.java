package io.milvusferry.gateway.proxy;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of writes, which wait for the journal's disk and for each other. Those that end
 * writes are others than those that begin them: one that waits to begin may wait for an end.
 */
public final class WriteThreads implements AutoCloseable {
  private static final int BEGINNING = 128;
  private static final int ENDING = 32;

  private final ThreadPoolExecutor beginning = pool(BEGINNING, "write");
  private final ThreadPoolExecutor ending = pool(ENDING, "write-end");

  void begin(Runnable work) {
    beginning.execute(work);
  }

  void end(Runnable work) {
    ending.execute(work);
  }

  @Override
  public void close() {
    for (ExecutorService pool : new ExecutorService[] {beginning, ending}) {
      pool.shutdown();
      try {
        if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
          pool.shutdownNow();
        }
      } catch (InterruptedException e) {
        pool.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ThreadPoolExecutor pool(int threads, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = Executors.defaultThreadFactory().newThread(work);
              thread.setName(name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
