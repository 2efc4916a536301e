package io.milvusferry.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on to a server on loopback, and does to them what networks do. */
final class Relay implements AutoCloseable {
  private static final int BLOCK = 1 << 13;

  /** What happens to a connection, once, when so many bytes came from its client. */
  private enum Accident {
    RESET,
    SILENCE
  }

  private record Piece(ByteBuffer content, long due) {}

  private final ServerSocket listener;
  private final int serverPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong fromClients = new AtomicLong();
  private volatile Accident accident = Accident.RESET;
  private volatile long accidentAt = Long.MAX_VALUE;
  private volatile long delayNanos;
  private volatile long bytesPerSecond = Long.MAX_VALUE;

  private Relay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static Relay to(int serverPort) {
    try {
      Relay relay = new Relay(serverPort);
      start(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Bytes that came from clients. */
  long fromClients() {
    return fromClients.get();
  }

  /** Resets the connection over which that byte of all comes from now on. */
  void resetAfter(long bytes) {
    accident(Accident.RESET, bytes);
  }

  /** From that byte on its connection stays open, and nothing passes in either direction. */
  void silenceAfter(long bytes) {
    accident(Accident.SILENCE, bytes);
  }

  private void accident(Accident what, long bytes) {
    accident = what;
    accidentAt = fromClients.get() + bytes;
  }

  /** Every byte takes so long, each way. */
  void delay(Duration oneWay) {
    delayNanos = oneWay.toNanos();
  }

  /** So many bytes pass in a second, each way, on each connection. */
  void rate(long bytes) {
    bytesPerSecond = bytes;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      sockets.addAll(List.of(client, server));
      Pair pair = new Pair(client, server);
      pair.pass(client, server, true);
      pair.pass(server, client, false);
    }
  }

  /** A connection, in two halves. */
  private final class Pair {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    Pair(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void pass(Socket from, Socket to, boolean counted) {
      BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>();
      start(() -> read(from, onTheWay, counted));
      start(() -> write(to, onTheWay));
    }

    private void read(Socket from, BlockingQueue<Piece> onTheWay, boolean counted)
        throws IOException {
      byte[] block = new byte[BLOCK];
      for (int read = from.getInputStream().read(block); read >= 0; ) {
        if (counted && fromClients.addAndGet(read) >= accidentAt) {
          accidentAt = Long.MAX_VALUE;
          silent |= accident == Accident.SILENCE;
          if (!silent) {
            reset();
            return;
          }
        }
        if (!silent) {
          onTheWay.add(
              new Piece(
                  ByteBuffer.wrap(Arrays.copyOf(block, read)), System.nanoTime() + delayNanos));
        }
        read = from.getInputStream().read(block);
      }
      if (!silent) {
        onTheWay.add(new Piece(ByteBuffer.allocate(0), System.nanoTime() + delayNanos));
      }
    }

    private void reset() throws IOException {
      client.setSoLinger(true, 0); // what is closed now is reset
      server.setSoLinger(true, 0);
      client.close();
      server.close();
    }

    private void write(Socket to, BlockingQueue<Piece> onTheWay) throws IOException {
      try {
        for (Piece next = onTheWay.take(); next.content().hasRemaining(); next = onTheWay.take()) {
          sleep(next.due() - System.nanoTime());
          sleep(next.content().remaining() * 1_000_000_000L / bytesPerSecond);
          if (!silent) {
            to.getOutputStream().write(next.content().array());
          }
        }
        to.shutdownOutput();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void sleep(long nanos) throws InterruptedException {
    if (nanos > 0) {
      Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException expected) {
                return; // a connection ended
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
