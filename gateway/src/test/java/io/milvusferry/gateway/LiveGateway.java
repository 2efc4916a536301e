package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusChannels;
import io.milvusferry.gateway.admin.AdminClient;
import io.milvusferry.gateway.proxy.ListenSettings;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.progress.ByteSize;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway between two real servers, and clients of all three. */
final class LiveGateway implements AutoCloseable {
  private static final int LARGEST = 256 << 20;
  private static final ByteSize ROOM = ByteSize.parse("1G");

  private final Deque<Runnable> parts = new ArrayDeque<>();
  private final Gateway gateway;
  final GatewayControl control;
  final MilvusServiceBlockingStub source;
  final MilvusServiceBlockingStub target;
  final MilvusServiceBlockingStub through;

  LiveGateway(Path state, String sourceUri, String targetUri) {
    this(state, sourceUri, targetUri, ROOM);
  }

  /**
   * @param maxLag how much the journal may hold
   */
  LiveGateway(Path state, String sourceUri, String targetUri, ByteSize maxLag) {
    ConnectionSettings from = ConnectionSettings.parse(sourceUri);
    ConnectionSettings into = ConnectionSettings.parse(targetUri);
    gateway = Gateway.start(settings(state, from, into, maxLag));
    parts.push(gateway::close);
    control = AdminClient.open(state);
    parts.push(control::close);
    source = stub(from);
    target = stub(into);
    through = stub(ConnectionSettings.parse(uri()));
  }

  /** Between the two servers that the tests were given. */
  static LiveGateway start(Path state) {
    return new LiveGateway(state, variable("FERRY_IT_SOURCE"), variable("FERRY_IT_TARGET"));
  }

  static GatewaySettings settings(Path state, ConnectionSettings from, ConnectionSettings into) {
    return settings(state, from, into, ROOM);
  }

  private static GatewaySettings settings(
      Path state, ConnectionSettings from, ConnectionSettings into, ByteSize maxLag) {
    return new GatewaySettings(
        from,
        into,
        new ListenSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        state,
        maxLag,
        "test",
        InstantSource.system());
  }

  static String variable(String name) {
    @Nullable String value = System.getenv(name);
    return Objects.requireNonNull(value, name + " is not set; scripts/test sets it");
  }

  String uri() {
    return "http://127.0.0.1:" + gateway.port();
  }

  /** Mirrors a collection of both servers, its journal let go. */
  void mirror(LiveRows rows) {
    rows.create(source);
    rows.create(target);
    control.mirror(rows.collection());
    control.replay(rows.collection(), true);
  }

  MirrorStatus status(LiveRows rows) {
    CollectionName name = rows.collection();
    return control.status().mirrors().stream()
        .filter(mirror -> mirror.collection().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until the target has all. */
  void awaitReplayed(LiveRows rows) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!status(rows).caughtUp() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(status(rows)).matches(MirrorStatus::caughtUp);
  }

  /** A client of a server or of the gateway. */
  MilvusServiceBlockingStub stub(ConnectionSettings settings) {
    ManagedChannel channel =
        MilvusChannels.open(
            settings,
            builder -> builder.maxInboundMessageSize(LARGEST).keepAliveTime(10, TimeUnit.SECONDS));
    parts.push(channel::shutdownNow);
    return MilvusServiceGrpc.newBlockingStub(channel);
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      parts.pop().run();
    }
  }
}
