package io.milvusferry.gateway;

import io.milvusferry.gateway.proxy.CallRouter;
import io.milvusferry.gateway.proxy.EventLoops;
import io.milvusferry.gateway.proxy.ProxyServer;
import io.milvusferry.gateway.proxy.Side;
import java.time.Duration;

/** A proxy in front of a server, that runs until it is closed. */
public final class Gateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EventLoops loops;
  private final Side source;
  private final Side target;
  private final ProxyServer server;

  private Gateway(EventLoops loops, Side source, Side target, ProxyServer server) {
    this.loops = loops;
    this.source = source;
    this.target = target;
    this.server = server;
  }

  /** Starts to take calls. */
  public static Gateway start(GatewaySettings settings) {
    EventLoops loops = new EventLoops();
    Side source = Side.source(settings.source(), loops);
    Side target = Side.target(settings.target(), loops);
    ProxyServer server = ProxyServer.start(settings.listen(), loops, new CallRouter(source));
    return new Gateway(loops, source, target, server);
  }

  /** The port that applications connect to. */
  public int port() {
    return server.port();
  }

  /** Takes no new calls, lets those under way end, and stops. */
  @Override
  public void close() {
    server.stop(PATIENCE);
    source.close();
    target.close();
    loops.close();
  }
}
