package io.milvusferry.connector;

import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.ServerCallHandler;
import io.milvus.shaded.io.grpc.ServerInterceptor;
import io.milvus.shaded.io.grpc.ServerInterceptors;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A gRPC server on a free port of 127.0.0.1. What its service does not override is answered with
 * UNIMPLEMENTED.
 */
final class LoopbackServer implements AutoCloseable {
  private final List<Metadata> headers = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Server server;

  LoopbackServer(MilvusServiceGrpc.MilvusServiceImplBase service) {
    this(service, NettyServerBuilder.forAddress(anyPort()));
  }

  /** The same behind TLS, with certificate chain and private key from PEM files. */
  LoopbackServer(MilvusServiceGrpc.MilvusServiceImplBase service, Path chain, Path key) {
    this(
        service,
        NettyServerBuilder.forAddress(anyPort())
            .useTransportSecurity(chain.toFile(), key.toFile()));
  }

  private LoopbackServer(
      MilvusServiceGrpc.MilvusServiceImplBase service, NettyServerBuilder builder) {
    try {
      this.server =
          builder.addService(ServerInterceptors.intercept(service, new Recorder())).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  ConnectionSettings settings() {
    return ConnectionSettings.parse("http://127.0.0.1:" + port());
  }

  /** Headers of the calls so far, in order. */
  List<Metadata> headers() {
    return headers;
  }

  /** Names of the calls so far, in order. */
  List<String> calls() {
    return calls;
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata metadata, ServerCallHandler<A, B> next) {
      headers.add(metadata);
      calls.add(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
      return next.startCall(call, metadata);
    }
  }
}
