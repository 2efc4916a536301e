package io.milvusferry.connector;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One gRPC connection to a server, its calls with deadline and metadata, and its errors in words.
 */
final class ServerChannel implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> DATABASE =
      Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER);

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

  private final ConnectionSettings settings;
  private final ManagedChannel channel;
  private final String authorization;

  ServerChannel(ConnectionSettings settings) {
    this.settings = settings;
    this.authorization =
        settings
            .credentials()
            .get()
            .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
            .orElse("");
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(settings.host(), settings.port())
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS);
    if (settings.tls()) {
      secure(builder);
    } else {
      requireNoTlsFiles();
      builder.usePlaintext();
    }
    this.channel = builder.build();
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
    try {
      return Failsafe.with(PATIENT)
          .get(() -> once(database, name, settings.deadline(), call, status));
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
    try {
      T answer = call.apply(stub(database, deadline));
      ServerErrors.check(status.apply(answer), name, address());
      return answer;
    } catch (StatusRuntimeException e) {
      throw ServerErrors.of(e, name, address());
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private MilvusServiceBlockingStub stub(String database, Duration deadline) {
    Metadata headers = new Metadata();
    if (!authorization.isEmpty()) {
      headers.put(AUTHORIZATION, authorization);
    }
    headers.put(DATABASE, database);
    return MilvusServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whoever names certificates does not want the connection to be open for all to read. */
  private void requireNoTlsFiles() {
    if (settings.caFile().isPresent()
        || settings.certFile().isPresent()
        || settings.keyFile().isPresent()
        || settings.serverName().isPresent()) {
      throw new FerryException(
          ErrorCode.CONFIG_INVALID,
          "the address of %s is not encrypted, but TLS files are named".formatted(address()),
          "Write https:// in the address, or leave caFile, certFile, keyFile and serverName out.",
          null);
    }
  }

  private void secure(NettyChannelBuilder builder) {
    try {
      SslContextBuilder tls = GrpcSslContexts.forClient();
      settings.caFile().map(Path::toFile).ifPresent(tls::trustManager);
      if (settings.certFile().isPresent() != settings.keyFile().isPresent()) {
        throw new FerryException(
            ErrorCode.CONFIG_INVALID,
            "%s for %s comes without %s"
                .formatted(
                    settings.certFile().isPresent() ? "certFile" : "keyFile",
                    address(),
                    settings.certFile().isPresent() ? "keyFile" : "certFile"),
            "Mutual TLS needs both certFile and keyFile.",
            null);
      }
      if (settings.certFile().isPresent() && settings.keyFile().isPresent()) {
        tls.keyManager(settings.certFile().get().toFile(), settings.keyFile().get().toFile());
      }
      builder.sslContext(tls.build());
      settings.serverName().ifPresent(builder::overrideAuthority);
    } catch (IOException e) {
      throw LocalFailure.of(e, settings.caFile().orElse(Path.of("the TLS certificates")));
    } catch (IllegalArgumentException e) {
      throw new FerryException(
          ErrorCode.CONFIG_INVALID,
          "the TLS files for %s cannot be used: %s".formatted(address(), e.getMessage()),
          "Give PEM files: caFile, and certFile with keyFile for mutual TLS.",
          e);
    }
  }
}
