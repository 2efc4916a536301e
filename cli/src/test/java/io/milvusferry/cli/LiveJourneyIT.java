package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.admin.AdminClient;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The whole journey of a collection to another server while applications write and read through the
 * gateway, the target is killed twice and the gateway once.
 */
@SuppressWarnings("NullAway.Init") // what the test starts first
class LiveJourneyIT extends LiveCase {
  private static final int RERUNS = 4;

  private Path state;
  private FerryProcess gateway;
  private String through;

  @Test
  void noAcknowledgedWriteIsLostBetweenStartAndFinish() throws IOException {
    CollectionName name = live.name("journey");
    state = dir.resolve("gateway");
    Path clients = Files.createDirectory(dir.resolve("clients"));
    int port = freePort();
    through = "http://127.0.0.1:" + port;
    try (LabMilvus target = LabMilvus.start(dir.resolve("target"));
        Traffic traffic = new Traffic(clients)) {
      startGateway(target, port);
      traffic.make(through, name.name());
      Path written = traffic.write(through, name.name(), 0);
      Path read = traffic.read(through, name.name());

      start(name, target);
      crashOfTheTarget(name, target);
      crashOfTheGateway(name, target, port);
      ferry
          .run("live", "cutover", "--state", state, "--only", name.name(), "--watch", "3s")
          .succeeds();
      assertThat(mirror(name).direction()).isEqualTo(Direction.REVERSE);

      traffic.stop();
      assertUndisturbed(written, read);
      until(name, "nothing is pending", MirrorStatus::caughtUp);
      traffic.check(Live.sourceUri(), name.name(), written);
      traffic.check(target.uri(), name.name(), written);
      ferry.run("compare", Live.sourceUri(), target.uri(), "--only", name.name()).succeeds();

      Path writtenLater = traffic.write(through, name.name(), 50);
      Path readLater = traffic.read(through, name.name());
      finish(name);
      traffic.stop();
      assertUndisturbed(writtenLater, readLater);
      traffic.check(target.uri(), name.name(), written, writtenLater);
      assertThat(gateway.terminate().exit()).isZero();
    }
  }

  private void startGateway(LabMilvus target, int port) {
    gateway =
        ferry.start(
            "gateway",
            "--from",
            Live.sourceUri(),
            "--into",
            target.uri(),
            "--listen",
            "127.0.0.1:" + port,
            "--state",
            state);
    gateway.when("the gateway is ready", this::isReady);
  }

  private boolean isReady() {
    try (AdminClient control = AdminClient.open(state)) {
      return control.status().ready();
    } catch (FerryException e) {
      return false; // it has not begun to answer
    }
  }

  private MirrorStatus mirror(CollectionName name) {
    try (AdminClient control = AdminClient.open(state)) {
      return control.status().mirrors().stream()
          .filter(mirror -> mirror.collection().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private boolean isMirrored() {
    try (AdminClient control = AdminClient.open(state)) {
      return !control.status().mirrors().isEmpty();
    }
  }

  private void until(CollectionName name, String what, Predicate<MirrorStatus> so) {
    gateway.when(what, () -> so.test(mirror(name)));
  }

  /** The target is killed at the first attempt; the same command completes the work. */
  private void start(CollectionName name, LabMilvus target) {
    Object[] words = {"live", "start", "--state", state, "--only", name.name(), "--watch", "3s"};
    FerryProcess first = ferry.start(words);
    first.when("the collection is mirrored", this::isMirrored);
    target.kill();
    FerryRun run = first.await();
    target.restart();
    for (int i = 0; run.exit() != 0 && i < RERUNS; i++) {
      assertThat(run.exit()).as("the status says that a rerun resumes: %s", run).isIn(3, 5);
      run = ferry.run(words);
    }
    run.succeeds();
  }

  private void crashOfTheTarget(CollectionName name, LabMilvus target) {
    target.kill();
    until(name, "writes wait for the target", mirror -> mirror.pendingRecords() > 20);
    target.restart();
    until(name, "the target has caught up", mirror -> mirror.lag().toSeconds() < 2);
  }

  private void crashOfTheGateway(CollectionName name, LabMilvus target, int port) {
    assertThat(gateway.kill()).isTrue();
    startGateway(target, port);
    until(name, "writes without an answer are looked up", mirror -> mirror.unresolved() == 0);
  }

  /** Writes may be on their way at any moment, so that finishing has to be asked for again. */
  private void finish(CollectionName name) {
    Object[] words = {"live", "finish", "--state", state, "--only", name.name()};
    FerryRun run = ferry.run(words);
    for (int i = 0; run.exit() == 5 && i < RERUNS; i++) {
      run = ferry.run(words);
    }
    run.succeeds();
    assertThat(mirror(name).direction()).isEqualTo(Direction.RETIRED);
  }

  private static void assertUndisturbed(Path written, Path read) {
    assertThat(Traffic.record(written).getAsJsonArray("errors")).as("errors of writers").isEmpty();
    assertThat(Traffic.record(written).get("calls").getAsInt()).isGreaterThan(50);
    for (String kind : List.of("errors", "wrong")) {
      assertThat(Traffic.record(read).getAsJsonArray(kind)).as("%s of readers", kind).isEmpty();
    }
    assertThat(Traffic.record(read).get("calls").getAsInt()).isGreaterThan(5);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
