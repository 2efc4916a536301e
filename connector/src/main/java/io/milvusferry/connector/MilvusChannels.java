package io.milvusferry.connector;

import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes gRPC channels to servers, for those who speak Milvus. */
public final class MilvusChannels {
  /** The header with user and password, or a token. */
  public static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** The header with the database that a call is about. */
  public static final Metadata.Key<String> DATABASE =
      Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER);

  private MilvusChannels() {}

  /**
   * A channel that connects when it is first used. Messages of any size are taken; calls have no
   * deadline and bear no credentials of their own. Whoever opens it shuts it down.
   *
   * @throws FerryException {@code CONFIG_INVALID} when the TLS files cannot be used, or are named
   *     for a connection that is not encrypted; what {@link LocalFailure} makes of those that
   *     cannot be read
   */
  public static ManagedChannel open(ConnectionSettings settings) {
    return open(settings, builder -> {});
  }

  /** The same, on threads of the caller, who ends them after the channel. */
  static ManagedChannel open(ConnectionSettings settings, EventLoopGroup loop) {
    return open(
        settings, builder -> builder.eventLoopGroup(loop).channelType(NioSocketChannel.class));
  }

  /** The same, after the caller chose threads, windows and the like. */
  public static ManagedChannel open(
      ConnectionSettings settings, Consumer<NettyChannelBuilder> tuning) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(settings.host(), settings.port())
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS);
    if (settings.tls()) {
      secure(builder, settings);
    } else {
      requireNoTlsFiles(settings);
      builder.usePlaintext();
    }
    tuning.accept(builder);
    return builder.build();
  }

  /** The value of the {@code authorization} header; empty without credentials. */
  public static Optional<String> authorization(ConnectionSettings settings) {
    return settings
        .credentials()
        .get()
        .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whoever names certificates does not want the connection to be open for all to read. */
  private static void requireNoTlsFiles(ConnectionSettings settings) {
    if (settings.caFile().isPresent()
        || settings.certFile().isPresent()
        || settings.keyFile().isPresent()
        || settings.serverName().isPresent()) {
      throw new FerryException(
          ErrorCode.CONFIG_INVALID,
          "the address of %s is not encrypted, but TLS files are named"
              .formatted(settings.address()),
          "Write https:// in the address, or leave caFile, certFile, keyFile and serverName out.",
          null);
    }
  }

  private static void secure(NettyChannelBuilder builder, ConnectionSettings settings) {
    try {
      SslContextBuilder tls = GrpcSslContexts.forClient();
      settings.caFile().map(Path::toFile).ifPresent(tls::trustManager);
      if (settings.certFile().isPresent() != settings.keyFile().isPresent()) {
        throw new FerryException(
            ErrorCode.CONFIG_INVALID,
            "%s for %s comes without %s"
                .formatted(
                    settings.certFile().isPresent() ? "certFile" : "keyFile",
                    settings.address(),
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
          "the TLS files for %s cannot be used: %s".formatted(settings.address(), e.getMessage()),
          "Give PEM files: caFile, and certFile with keyFile for mutual TLS.",
          e);
    }
  }
}
