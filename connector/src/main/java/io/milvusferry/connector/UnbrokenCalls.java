package io.milvusferry.connector;

import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls that a server must not see given up. A Milvus before September 2024 that was asked about
 * imports, and whose caller left before the answer, dereferences the answer that it has not got:
 * its proxy dies, and with it a whole standalone server (milvus-io/milvus#35539; seen with 2.3.5,
 * {@code ListImportTasks} cancelled). So no deadline goes with such a call and no interrupt cancels
 * it: who waits may leave, the call goes on to its end.
 */
final class UnbrokenCalls implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService calls =
      Executors.newCachedThreadPool(new DefaultThreadFactory("ferry-import-call", true));

  /**
   * Makes a call on a thread that nobody interrupts, and waits for it.
   *
   * @param patience how long to wait; the call goes on after that
   * @throws StatusRuntimeException what the call failed with, {@code DEADLINE_EXCEEDED} after
   *     {@code patience}, {@code CANCELLED} when this thread is interrupted, which stays so
   */
  <T> T make(Supplier<T> call, Duration patience) {
    Future<T> answer = calls.submit(call::get);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED
          .withDescription("Thread interrupted")
          .withCause(e)
          .asRuntimeException();
    } catch (TimeoutException e) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription("no answer within %d s".formatted(patience.toSeconds()))
          .withCause(e)
          .asRuntimeException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("a call about imports failed", e.getCause());
    }
  }

  /** Waits for the calls under way, some seconds long, also on a thread that is interrupted. */
  @Override
  public void close() {
    calls.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      boolean unused = calls.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
