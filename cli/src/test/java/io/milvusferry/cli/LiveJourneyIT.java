package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The whole journey of a collection to another server while applications write and read through the
 * gateway, the target is killed twice and the gateway once.
 */
@SuppressWarnings("NullAway.Init") // what the test starts first
class LiveJourneyIT extends LiveCase {
  private static final int RERUNS = 4;

  private GatewayProcess gateway;

  @Test
  void noAcknowledgedWriteIsLostBetweenStartAndFinish() throws IOException {
    CollectionName name = live.name("journey");
    Path clients = Files.createDirectory(dir.resolve("clients"));
    try (LabMilvus target = LabMilvus.start(dir.resolve("target"));
        Traffic traffic = new Traffic(clients)) {
      gateway = new GatewayProcess(ferry, dir.resolve("gateway"), Live.sourceUri(), target.uri());
      String through = gateway.uri();
      traffic.make(through, name.name());
      Path written = traffic.write(through, name.name(), 0);
      Path read = traffic.read(through, name.name());

      start(name, target);
      crashOfTheTarget(name, target);
      crashOfTheGateway(name);
      ferry
          .run(
              "live", "cutover", "--state", gateway.state(), "--only", name.name(), "--watch", "3s")
          .succeeds();
      assertThat(gateway.mirror(name).direction()).isEqualTo(Direction.REVERSE);

      traffic.stop();
      Traffic.assertUndisturbed(written, read, 50);
      gateway.until(name, "nothing is pending", MirrorStatus::caughtUp);
      traffic.check(Live.sourceUri(), name.name(), written);
      traffic.check(target.uri(), name.name(), written);
      ferry.run("compare", Live.sourceUri(), target.uri(), "--only", name.name()).succeeds();

      Path writtenLater = traffic.write(through, name.name(), 50);
      Path readLater = traffic.read(through, name.name());
      finish(name);
      traffic.stop();
      Traffic.assertUndisturbed(writtenLater, readLater, 10);
      traffic.check(target.uri(), name.name(), written, writtenLater);
      assertThat(gateway.terminate().exit()).isZero();
    }
  }

  /** The target is killed at the first attempt; the same command completes the work. */
  private void start(CollectionName name, LabMilvus target) {
    Object[] words = {
      "live", "start", "--state", gateway.state(), "--only", name.name(), "--watch", "3s"
    };
    FerryProcess first = ferry.start(words);
    first.when("the collection is mirrored", gateway::isMirrored);
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
    gateway.until(name, "writes wait for the target", mirror -> mirror.pendingRecords() > 20);
    target.restart();
    gateway.until(name, "the target has caught up", mirror -> mirror.lag().toSeconds() < 2);
  }

  private void crashOfTheGateway(CollectionName name) {
    assertThat(gateway.crash()).isTrue();
    gateway.until(
        name, "writes without an answer are looked up", mirror -> mirror.unresolved() == 0);
  }

  /** Writes may be on their way at any moment, so that finishing has to be asked for again. */
  private void finish(CollectionName name) {
    Object[] words = {"live", "finish", "--state", gateway.state(), "--only", name.name()};
    FerryRun run = ferry.run(words);
    for (int i = 0; run.exit() == 5 && i < RERUNS; i++) {
      run = ferry.run(words);
    }
    run.succeeds();
    assertThat(gateway.mirror(name).direction()).isEqualTo(Direction.RETIRED);
  }
}
