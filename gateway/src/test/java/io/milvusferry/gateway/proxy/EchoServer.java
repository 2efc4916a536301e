package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A server that answers every call with its own messages, and every header with a trailer. */
final class EchoServer implements AutoCloseable {
  static final Metadata.Key<String> ASKED =
      Metadata.Key.of("asked", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> TOLD =
      Metadata.Key.of("told-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Server server;

  EchoServer() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(512 << 20)
            .fallbackHandlerRegistry(new Echo())
            .build()
            .start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static final class Echo extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      return ServerMethodDefinition.create(RawMethods.named(name), Echo::answer);
    }

    private static ServerCall.Listener<byte[]> answer(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      call.sendHeaders(new Metadata());
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          call.sendMessage(message);
          call.request(1);
        }

        @Override
        public void onHalfClose() {
          Metadata trailers = new Metadata();
          String asked = headers.get(ASKED);
          trailers.put(TOLD, new byte[] {0, (byte) (asked == null ? 0 : asked.length())});
          call.close(Status.DATA_LOSS.withDescription("said " + asked), trailers);
        }
      };
    }
  }
}
