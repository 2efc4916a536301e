package io.milvusferry.gateway.proxy;

import io.milvus.grpc.GetVersionRequest;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvusferry.connector.ConnectionSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls through the gateway itself, over a door of its own, until its code is compiled: the first
 * thousands of calls of a process are slow, and no application should make them.
 */
public final class WarmUp {
  private static final int CALLS = 10_000;
  private static final int AT_ONCE = 4;
  private static final Duration LONGEST = Duration.ofSeconds(8);

  private final Side source;
  private final EventLoops loops;

  public WarmUp(Side source, EventLoops loops) {
    this.source = source;
    this.loops = loops;
  }

  /** Ends after enough calls, or a few seconds; also when the source is away. */
  public void run() {
    InetSocketAddress door = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ProxyServer server =
        ProxyServer.start(
            new ListenSettings(door, Optional.empty(), Optional.empty(), Optional.empty()),
            loops,
            new Both());
    String address = "http://127.0.0.1:" + server.port();
    try (Side self = Side.source(ConnectionSettings.parse(address), loops)) {
      Repeating calls = new Repeating(self, System.nanoTime() + LONGEST.toNanos());
      for (int i = 0; i < AT_ONCE; i++) {
        calls.next();
      }
      calls.await();
    } finally {
      server.stop(Duration.ofSeconds(1));
    }
  }

  /** Makes one call after the other. */
  private static final class Repeating {
    private final Side self;
    private final long endNanos;
    private final AtomicInteger left = new AtomicInteger(CALLS);
    private final CountDownLatch running = new CountDownLatch(AT_ONCE);

    Repeating(Side self, long endNanos) {
      this.self = self;
      this.endNanos = endNanos;
    }

    void next() {
      if (left.decrementAndGet() < 0 || System.nanoTime() > endNanos) {
        running.countDown();
        return;
      }
      UnaryCall.send(
          self,
          RawMethods.milvus("GetVersion"),
          new Metadata(),
          GetVersionRequest.getDefaultInstance().toByteArray(),
          CallOptions.DEFAULT.withDeadlineAfter(LONGEST.toMillis(), TimeUnit.MILLISECONDS),
          answer -> next());
    }

    void await() {
      try {
        if (!running.await(2 * LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
          left.set(0);
        }
      } catch (InterruptedException e) {
        left.set(0);
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes the ways of calls that are piped and of those that are looked into, in turn. */
  private final class Both extends HandlerRegistry {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method = RawMethods.named(name);
      if (count.getAndIncrement() % 2 == 0) {
        return ServerMethodDefinition.create(
            method, (down, headers) -> Pipe.open(down, headers, source));
      }
      return ServerMethodDefinition.create(
          method,
          (down, headers) -> {
            down.request(2);
            return new CollectedCall(
                down,
                request ->
                    UnaryCall.send(
                        source,
                        down.getMethodDescriptor(),
                        source.headers(headers),
                        request,
                        CallOptions.DEFAULT,
                        answer -> answer.to(down)),
                () -> {});
          });
    }
  }
}
