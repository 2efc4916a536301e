package io.milvusferry.transfer.remote;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Repeats what a broken connection interrupted, from where it was. A refused login, a full disk and
 * the like are final, and so is a server that was never reached.
 */
public final class RetryingRemoteStore implements RemoteStore {
  private final RemoteStore store;
  private final FailsafeExecutor<Object> retries;
  private final AtomicBoolean reached = new AtomicBoolean();

  /**
   * @param attempts how often a thing is tried, the first time included
   * @param firstWait waited before the second attempt; each further wait is twice as long, up to 30
   *     times the first
   */
  public RetryingRemoteStore(
      RemoteStore store, int attempts, Duration firstWait, ProgressSink progress) {
    this.store = store;
    RetryPolicy<Object> policy =
        RetryPolicy.builder()
            .handleIf(this::isWorthARetry)
            .withMaxAttempts(attempts)
            .withBackoff(firstWait, firstWait.multipliedBy(30))
            .withJitter(0.2)
            .onRetry(
                event -> {
                  Throwable last = event.getLastException();
                  progress.notice(
                      "%s; trying again".formatted(last == null ? "no answer" : last.getMessage()));
                })
            .build();
    this.retries = Failsafe.with(policy);
  }

  private boolean isWorthARetry(Throwable failure) {
    return failure instanceof FerryException e
        && (e.code() == ErrorCode.CONNECTION_LOST
            || (e.code() == ErrorCode.REMOTE_UNREACHABLE && reached.get()));
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void makeDirectories(String path) {
    run(() -> store.makeDirectories(path));
  }

  @Override
  public List<RemoteFile> list(String directory) {
    return get(() -> store.list(directory));
  }

  @Override
  public Optional<Path> local(String path) {
    return store.local(path);
  }

  @Override
  public OptionalLong size(String path) {
    return get(() -> store.size(path));
  }

  @Override
  public void write(String path, long from, ByteSource content, LongConsumer acknowledged) {
    AtomicLong done = new AtomicLong(from);
    run(
        () ->
            store.write(
                path,
                done.get(),
                content,
                offset -> {
                  done.set(offset);
                  acknowledged.accept(offset);
                }));
  }

  @Override
  public void publish(String path) {
    AtomicBoolean again = new AtomicBoolean();
    run(
        () -> {
          // The answer to an earlier attempt may be all that was lost.
          if (again.getAndSet(true)
              && store.size(path).isPresent()
              && store.size(path + PARTIAL).isEmpty()) {
            return;
          }
          store.publish(path);
        });
  }

  /** Where the answer to an earlier attempt was lost, the name may be taken by it. */
  @Override
  public boolean link(String existing, String path) {
    AtomicBoolean linked = new AtomicBoolean();
    run(() -> linked.set(store.link(existing, path)));
    return linked.get();
  }

  @Override
  public void read(String path, long from, long length, RangeSink sink) {
    AtomicLong done = new AtomicLong();
    run(
        () ->
            store.read(
                path,
                from + done.get(),
                length - done.get(),
                (content, offset, count) -> {
                  sink.accept(content, offset, count);
                  done.addAndGet(count);
                }));
  }

  @Override
  public void reject(String path) {
    run(() -> store.reject(path));
  }

  @Override
  public Optional<Digest> digest(String path, long length) {
    return get(() -> store.digest(path, length));
  }

  @Override
  public OptionalLong freeSpace(String directory) {
    return get(() -> store.freeSpace(directory));
  }

  @Override
  public List<String> weaknesses() {
    return get(store::weaknesses);
  }

  @Override
  public int connectionsUsed() {
    return store.connectionsUsed();
  }

  @Override
  public void close() {
    store.close();
  }

  private void run(Runnable action) {
    get(
        () -> {
          action.run();
          return true;
        });
  }

  private <T> T get(CheckedSupplier<T> action) {
    return retries.get(
        () -> {
          T result = action.get();
          reached.set(true);
          return result;
        });
  }
}
