package io.milvusferry.gateway;

import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.gateway.admin.AdminServer;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.gateway.journal.MirroringSettings;
import io.milvusferry.gateway.proxy.CallRouter;
import io.milvusferry.gateway.proxy.EventLoops;
import io.milvusferry.gateway.proxy.OwnCalls;
import io.milvusferry.gateway.proxy.ProxyServer;
import io.milvusferry.gateway.proxy.ReadMeters;
import io.milvusferry.gateway.proxy.Side;
import io.milvusferry.gateway.proxy.Sides;
import io.milvusferry.gateway.proxy.WarmUp;
import io.milvusferry.gateway.proxy.WriteThreads;
import io.milvusferry.gateway.replay.GrpcWriteCalls;
import io.milvusferry.gateway.replay.ServerReplaySide;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/** A proxy in front of a server, that runs until it is closed. */
public final class Gateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** In the order they were opened. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final AtomicBoolean ready = new AtomicBoolean();
  private final GatewaySettings settings;
  private int port;
  private int adminPort;

  private Gateway(GatewaySettings settings) {
    this.settings = settings;
  }

  /**
   * Opens the journal, warms up and takes calls. Neither server need be there.
   *
   * @throws io.milvusferry.error.FerryException {@code DIRECTORY_LOCKED} when another gateway has
   *     the state directory, {@code GATEWAY_STATE_OTHER} when it was made for other servers, {@code
   *     LISTEN_ADDRESS_TAKEN}, {@code CONFIG_INVALID}
   */
  public static Gateway start(GatewaySettings settings) {
    Gateway gateway = new Gateway(settings);
    try {
      gateway.open();
      return gateway;
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  private void open() {
    EventLoops loops = opened(new EventLoops());
    Sides sides =
        new Sides(
            opened(Side.source(settings.source(), loops)),
            opened(Side.target(settings.target(), loops)));
    Mirroring mirroring = opened(mirroring());
    WriteThreads threads = opened(new WriteThreads());
    ReadMeters meters = new ReadMeters();
    CallRouter calls = new CallRouter(sides, mirroring, meters, threads, loops, settings.clock());
    ProxyServer server = ProxyServer.start(settings.listen(), loops, calls);
    parts.push(() -> server.stop(PATIENCE));
    port = server.port();
    OwnCalls source = new OwnCalls(sides.source());
    SourceWatch watch = opened(new SourceWatch(mirroring, source, calls::forgetNames));
    watch.start();
    LocalControl control = new LocalControl(facts(), ready::get, mirroring, meters, source, watch);
    adminPort =
        opened(AdminServer.start(settings.state(), control, () -> MetricsText.of(control.status())))
            .port();
    new WarmUp(sides.source(), loops).run();
    ready.set(true);
  }

  /** The port that applications connect to. */
  public int port() {
    return port;
  }

  /** The port on the loopback interface that answers {@code /health} and {@code /metrics}. */
  public int adminPort() {
    return adminPort;
  }

  /** Takes no new calls, lets those under way end, closes the journal, and stops. */
  @Override
  public void close() {
    ready.set(false);
    RuntimeException failure = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("the gateway did not stop cleanly", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private Mirroring mirroring() {
    MilvusServer source = opened(MilvusConnection.lazy(settings.source()));
    MilvusServer target = opened(MilvusConnection.lazy(settings.target()));
    return Mirroring.open(
        settings.state(),
        settings.source().address(),
        settings.target().address(),
        new ServerReplaySide(source, target, opened(new GrpcWriteCalls(settings.target()))),
        new ServerReplaySide(target, source, opened(new GrpcWriteCalls(settings.source()))),
        MirroringSettings.DEFAULT.withMaxLagBytes(settings.maxLag().bytes()),
        settings.clock(),
        new SecureRandom());
  }

  private GatewayFacts facts() {
    return new GatewayFacts(
        settings.version(),
        settings.listen().address().getHostString() + ":" + port,
        settings.source().address(),
        settings.target().address(),
        settings.clock(),
        Instant.ofEpochMilli(settings.clock().millis()));
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }
}
