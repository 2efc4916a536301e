package io.milvusferry.connector;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One gRPC connection to a server, its calls with deadline and metadata, and its errors in words.
 */
final class ServerChannel implements AutoCloseable {
  /**
   * For calls that may be repeated: waits while the server refuses for load, or is away for a
   * moment.
   */
  private static final RetryPolicy<Object> PATIENT =
      RetryPolicy.builder()
          .handleIf(
              failure ->
                  failure instanceof FerryException known
                      && (known.code() == ErrorCode.SERVER_QUOTA
                          || known.code() == ErrorCode.SERVER_UNREACHABLE))
          .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(5))
          .withJitter(0.3)
          .withMaxRetries(8)
          .build();

  private static final long END_MILLIS = 1_000;

  private final ConnectionSettings settings;

  /**
   * Of our own, because those that gRPC shares between channels go on after the last of them; a
   * thread that sits in a call of the system holds up the end of the process for 0.3 s.
   */
  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("ferry-network", true));

  private final UnbrokenCalls unbroken = new UnbrokenCalls();
  private final ManagedChannel channel;
  private final String authorization;

  ServerChannel(ConnectionSettings settings) {
    this.settings = settings;
    this.authorization = MilvusChannels.authorization(settings).orElse("");
    this.channel = MilvusChannels.open(settings, loop);
  }

  String address() {
    return settings.address();
  }

  Duration deadline() {
    return settings.deadline();
  }

  /** One call that may be repeated. */
  <T> T call(
      String database,
      String name,
      Function<MilvusServiceBlockingStub, T> call,
      Function<T, Status> status) {
    return patiently(name, () -> once(database, name, settings.deadline(), call, status));
  }

  /** The same; empty where the server does not know the call. */
  <T> Optional<T> callIfKnown(
      String database,
      String name,
      Function<MilvusServiceBlockingStub, T> call,
      Function<T, Status> status) {
    try {
      return Optional.of(call(database, name, call, status));
    } catch (FerryException e) {
      if (e.code() == ErrorCode.SERVER_INCAPABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** One call about imports that may be repeated; see {@link UnbrokenCalls}. */
  <T> T callUnbroken(
      String database,
      String name,
      Function<MilvusServiceBlockingStub, T> call,
      Function<T, Status> status) {
    return patiently(name, () -> onceUnbroken(database, name, call, status));
  }

  private static <T> T patiently(String name, CheckedSupplier<T> call) {
    try {
      return Failsafe.with(PATIENT).get(call);
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw new FerryException(
            ErrorCode.INTERRUPTED,
            name + " was stopped",
            "Run the same command again; it resumes.",
            e);
      }
      throw e;
    }
  }

  /** One call that is made at most once. */
  <T> T once(
      String database,
      String name,
      Duration deadline,
      Function<MilvusServiceBlockingStub, T> call,
      Function<T, Status> status) {
    return checked(
        name,
        () ->
            call.apply(
                stub(database).withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)),
        status);
  }

  /** One call about imports that is made at most once; see {@link UnbrokenCalls}. */
  <T> T onceUnbroken(
      String database,
      String name,
      Function<MilvusServiceBlockingStub, T> call,
      Function<T, Status> status) {
    return checked(
        name, () -> unbroken.make(() -> call.apply(stub(database)), settings.deadline()), status);
  }

  private <T> T checked(String name, Supplier<T> call, Function<T, Status> status) {
    try {
      T answer = call.get();
      ServerErrors.check(status.apply(answer), name, address());
      return answer;
    } catch (StatusRuntimeException e) {
      throw ServerErrors.of(e, name, address());
    }
  }

  @Override
  public void close() {
    unbroken.close();
    channel.shutdownNow();
    loop.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(END_MILLIS);
  }

  private MilvusServiceBlockingStub stub(String database) {
    Metadata headers = new Metadata();
    if (!authorization.isEmpty()) {
      headers.put(MilvusChannels.AUTHORIZATION, authorization);
    }
    headers.put(MilvusChannels.DATABASE, database);
    return MilvusServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
