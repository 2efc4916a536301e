package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Takes the calls of applications. */
public final class ProxyServer {
  private static final int WINDOW = 8 << 20;
  private static final int METADATA = 1 << 20;
  private static final int LARGEST_MESSAGE = 512 << 20;

  private final Server server;

  private ProxyServer(Server server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @throws FerryException {@code LISTEN_ADDRESS_TAKEN}, or {@code CONFIG_INVALID} when the TLS
   *     files cannot be used
   */
  public static ProxyServer start(
      ListenSettings settings, EventLoops loops, HandlerRegistry calls) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(settings.address())
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(loops.group())
            .workerEventLoopGroup(loops.group())
            .directExecutor()
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .maxInboundMetadataSize(METADATA)
            .flowControlWindow(WINDOW)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .fallbackHandlerRegistry(calls);
    settings.certFile().ifPresent(file -> secure(builder, settings, file));
    try {
      return new ProxyServer(builder.build().start());
    } catch (IOException e) {
      throw new FerryException(
          ErrorCode.LISTEN_ADDRESS_TAKEN,
          "nothing can listen at %s: %s".formatted(settings.address(), rootMessage(e)),
          "Choose another --listen address, or stop what listens there.",
          e);
    }
  }

  /** The port it listens at. */
  public int port() {
    return server.getPort();
  }

  /** Takes no new calls, and lets those under way end; gives them up after {@code patience}. */
  public void stop(Duration patience) {
    server.shutdown();
    try {
      if (!server.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static void secure(NettyServerBuilder builder, ListenSettings settings, Path cert) {
    try {
      SslContextBuilder tls =
          GrpcSslContexts.forServer(
              cert.toFile(), settings.keyFile().map(Path::toFile).orElse(cert.toFile()));
      settings
          .clientCaFile()
          .map(Path::toFile)
          .ifPresent((File ca) -> tls.trustManager(ca).clientAuth(ClientAuth.REQUIRE));
      builder.sslContext(tls.build());
    } catch (IOException e) {
      throw LocalFailure.of(e, cert);
    } catch (IllegalArgumentException e) {
      throw new FerryException(
          ErrorCode.CONFIG_INVALID,
          "the TLS files for clients cannot be used: " + rootMessage(e),
          "Give PEM files: --tls-cert with --tls-key, and --tls-client-ca to ask clients for"
              + " certificates.",
          e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
