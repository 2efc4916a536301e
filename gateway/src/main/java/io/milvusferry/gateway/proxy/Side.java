package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.ClientCall;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusChannels;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One of the two servers, as calls are sent to it: a connection for each event loop. */
public final class Side implements AutoCloseable {
  private static final int WINDOW = 8 << 20;
  private static final int METADATA = 1 << 20;

  private final String address;
  private final EventLoops loops;
  private final List<ManagedChannel> channels;
  private final Optional<String> authorization;
  private final boolean ownCredentials;

  private Side(ConnectionSettings settings, EventLoops loops, boolean ownCredentials) {
    this.address = settings.address();
    this.loops = loops;
    this.authorization = MilvusChannels.authorization(settings);
    this.ownCredentials = ownCredentials;
    this.channels = loops.all().stream().map(loop -> channel(settings, loop)).toList();
  }

  /** A server whose users are those that applications name. */
  public static Side source(ConnectionSettings settings, EventLoops loops) {
    return new Side(settings, loops, false);
  }

  /** A server that is called as the user of its own settings, if they name one. */
  public static Side target(ConnectionSettings settings, EventLoops loops) {
    return new Side(settings, loops, true);
  }

  /** Where it is, without credentials. */
  public String address() {
    return address;
  }

  /** A call over the connection of this thread's event loop. */
  ClientCall<byte[], byte[]> call(MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return channels.get(loops.here()).newCall(method, options);
  }

  /** What is sent with an application's call; a copy, in which only credentials differ. */
  Metadata headers(Metadata given) {
    Metadata headers = new Metadata();
    headers.merge(given);
    if (ownCredentials) {
      authorization.ifPresent(
          value -> {
            headers.discardAll(MilvusChannels.AUTHORIZATION);
            headers.put(MilvusChannels.AUTHORIZATION, value);
          });
    }
    return headers;
  }

  /**
   * What is sent with a call of the gateway itself: its own credentials, else those of the call for
   * whose sake it asks.
   */
  Metadata ownHeaders(String database, Metadata given) {
    Metadata headers = new Metadata();
    String credentials = authorization.orElse(given.get(MilvusChannels.AUTHORIZATION));
    if (credentials != null) {
      headers.put(MilvusChannels.AUTHORIZATION, credentials);
    }
    headers.put(MilvusChannels.DATABASE, database);
    return headers;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static ManagedChannel channel(ConnectionSettings settings, EventLoop loop) {
    return MilvusChannels.open(
        settings,
        builder ->
            builder
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .flowControlWindow(WINDOW)
                .maxInboundMetadataSize(METADATA)
                .disableRetry()
                .idleTimeout(1, TimeUnit.DAYS));
  }
}
