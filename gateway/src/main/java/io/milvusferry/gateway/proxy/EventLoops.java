package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads that move bytes, of applications and of servers alike: a call stays on the thread
 * that it came in on, so nothing waits for another one to wake up. Nothing may block on them.
 */
public final class EventLoops implements AutoCloseable {
  private static final int MOST = 4;

  private final NioEventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();

  public EventLoops() {
    this.group = new NioEventLoopGroup(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    for (EventExecutor executor : group) {
      loops.add((EventLoop) executor);
    }
  }

  EventLoopGroup group() {
    return group;
  }

  List<EventLoop> all() {
    return loops;
  }

  /** Place of the loop that runs this thread; some loop's place on any other thread. */
  int here() {
    for (int i = 0; i < loops.size(); i++) {
      if (loops.get(i).inEventLoop()) {
        return i;
      }
    }
    return (int) (Thread.currentThread().getId() % loops.size());
  }

  /** Runs something that does not block. */
  void later(Runnable work, Duration delay) {
    Future<?> unused = group.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
