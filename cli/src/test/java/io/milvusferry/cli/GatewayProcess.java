package io.milvusferry.cli;

import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.admin.AdminClient;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.function.Predicate;

/** {@code ferry gateway} in a process of its own, on a port that it keeps over restarts. */
final class GatewayProcess {
  private final FerryCommand ferry;
  private final Path state;
  private final String source;
  private final String target;
  private final int port = freePort();
  private FerryProcess process;

  /** Starts it, and waits until it is ready. */
  GatewayProcess(FerryCommand ferry, Path state, String source, String target) {
    this.ferry = ferry;
    this.state = state;
    this.source = source;
    this.target = target;
    this.process = launch();
  }

  private FerryProcess launch() {
    FerryProcess started =
        ferry.start(
            "gateway",
            "--from",
            source,
            "--into",
            target,
            "--listen",
            "127.0.0.1:" + port,
            "--state",
            state);
    started.when("the gateway is ready", this::isReady);
    return started;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() {
    try (AdminClient control = AdminClient.open(state)) {
      return control.status().ready();
    } catch (FerryException e) {
      return false; // it has not begun to answer
    }
  }

  /** Where applications reach it. */
  String uri() {
    return "http://127.0.0.1:" + port;
  }

  Path state() {
    return state;
  }

  MirrorStatus mirror(CollectionName name) {
    try (AdminClient control = AdminClient.open(state)) {
      return control.status().mirrors().stream()
          .filter(mirror -> mirror.collection().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  boolean isMirrored() {
    try (AdminClient control = AdminClient.open(state)) {
      return !control.status().mirrors().isEmpty();
    }
  }

  /** Waits until the mirror of a collection is so, while the gateway runs. */
  void until(CollectionName name, String what, Predicate<MirrorStatus> so) {
    process.when(what, () -> so.test(mirror(name)));
  }

  /** Ends it with SIGKILL, which it must live to see, and starts it again. */
  boolean crash() {
    boolean ran = process.kill();
    process = launch();
    return ran;
  }

  /** Asks it to stop. */
  FerryRun terminate() {
    return process.terminate();
  }
}
