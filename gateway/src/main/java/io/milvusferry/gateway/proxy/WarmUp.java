package io.milvusferry.gateway.proxy;

import com.google.protobuf.ByteString;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.SearchRequest;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvusferry.connector.ConnectionSettings;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls through the gateway itself, over a door of its own, until its code is compiled: the first
 * thousands of calls of a process are slow, and no application should make them. What the source is
 * asked is its version, in the dress of a search, which it does not look at.
 */
public final class WarmUp {
  private static final int CALLS = 10_000;
  private static final int AT_ONCE = 4;
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Share of the time between two looks that the compilers work for what is left. */
  private static final double IDLE = 0.1;

  private static final int STATUS = 1;
  private static final int VECTOR_BYTES = 512;

  private static final byte[] SEARCH =
      SearchRequest.newBuilder()
          .setCollectionName("warm_up")
          .setPlaceholderGroup(ByteString.copyFrom(new byte[VECTOR_BYTES]))
          .addOutputFields("id")
          .addSearchParams(parameter("anns_field", "vector"))
          .addSearchParams(parameter("topk", "10"))
          .addSearchParams(parameter("params", "{\"ef\": 64}"))
          .addSearchParams(parameter("metric_type", "L2"))
          .setConsistencyLevel(ConsistencyLevel.Bounded)
          .setNq(1)
          .build()
          .toByteArray();

  private final Side source;
  private final EventLoops loops;

  public WarmUp(Side source, EventLoops loops) {
    this.source = source;
    this.loops = loops;
  }

  private static KeyValuePair parameter(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  /**
   * Ends when enough calls were made and the compilers have little left to do, or after a quarter
   * of a minute; also when the source is away.
   */
  public void run() {
    InetSocketAddress door = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ProxyServer server =
        ProxyServer.start(
            new ListenSettings(door, Optional.empty(), Optional.empty(), Optional.empty()),
            loops,
            new Both());
    String address = "http://127.0.0.1:" + server.port();
    try (Side self = Side.source(ConnectionSettings.parse(address), loops)) {
      Repeating calls = new Repeating(self);
      for (int i = 0; i < AT_ONCE; i++) {
        calls.next();
      }
      calls.untilCompiled();
    } finally {
      server.stop(Duration.ofSeconds(1));
    }
  }

  /** Makes one call after the other. */
  private static final class Repeating {
    private final Side self;
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch running = new CountDownLatch(AT_ONCE);
    private volatile boolean enough;

    Repeating(Side self) {
      this.self = self;
    }

    void next() {
      if (enough) {
        running.countDown();
        return;
      }
      UnaryCall.send(
          self,
          RawMethods.milvus("GetVersion"),
          new Metadata(),
          SEARCH,
          CallOptions.DEFAULT.withDeadlineAfter(LONGEST.toMillis(), TimeUnit.MILLISECONDS),
          answer -> {
            made.incrementAndGet();
            next();
          });
    }

    void untilCompiled() {
      CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
      long end = System.nanoTime() + LONGEST.toNanos();
      try {
        long before;
        do {
          before = compilers.getTotalCompilationTime();
          TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        } while (System.nanoTime() < end
            && (made.get() < CALLS
                || compilers.getTotalCompilationTime() - before > IDLE * LOOK.toMillis()));
        enough = true;
        running.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        enough = true;
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes the ways of calls that are piped and of those that are looked into, in turn. */
  private final class Both extends HandlerRegistry {
    private final CallNames names = Objects.requireNonNull(CallNames.of("Search"));
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
            return new CollectedCall(down, request -> pass(down, headers, request), () -> {});
          });
    }

    private void pass(ServerCall<byte[], byte[]> down, Metadata headers, byte[] request) {
      boolean pinned = ReadRequest.parse(ReadKind.SEARCH, request).pinned();
      if (pinned || names.read(request, headers).collections().isEmpty()) {
        throw new IllegalStateException("this is not the request that was sent");
      }
      UnaryCall.send(
          source,
          down.getMethodDescriptor(),
          source.headers(headers),
          request,
          CallOptions.DEFAULT,
          answer -> {
            boolean unused = answer.milvusStatus(STATUS).ok();
            answer.to(down);
          });
    }
  }
}
