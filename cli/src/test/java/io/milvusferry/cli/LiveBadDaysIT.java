package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.FaultyServer;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A live migration by the real command while something goes wrong, or goes another way. */
class LiveBadDaysIT extends LiveCase {

  private GatewayProcess gateway(String target) {
    return new GatewayProcess(ferry, dir.resolve("gateway"), Live.sourceUri(), target);
  }

  private static Object[] live(GatewayProcess gateway, String step, Object... further) {
    List<Object> words = new ArrayList<>(List.of("live", step, "--state", gateway.state()));
    words.addAll(List.of(further));
    return words.toArray();
  }

  private Path clients() throws IOException {
    return Files.createDirectory(dir.resolve("clients"));
  }

  @Test
  void readsGoBackToTenPercentWhenHalfOfThemFailAtTheTarget() throws IOException {
    CollectionName name = live.name("half");
    try (FaultyServer target = FaultyServer.before(Live.targetUri());
        Traffic traffic = new Traffic(clients())) {
      GatewayProcess gateway = gateway(target.uri());
      traffic.make(gateway.uri(), name.name());
      ferry.run(live(gateway, "start", "--only", name.name(), "--watch", "1s")).succeeds();
      Path written = traffic.write(gateway.uri(), name.name(), 0);
      Path read = traffic.read(gateway.uri(), name.name());

      FerryProcess cutover =
          ferry.start(live(gateway, "cutover", "--only", name.name(), "--watch", "5s"));
      cutover.when("half of the reads go there", () -> gateway.mirror(name).readWeight() == 50);
      target.failReads(0.5);
      FerryRun run = cutover.await().endsWith(ExitStatus.DIFFERENCE.number());

      assertThat(entry(run, name).toString()).contains("LIV-002").contains("from 50 % to 10 %");
      assertThat(gateway.mirror(name).readWeight()).isEqualTo(10);
      assertThat(gateway.mirror(name).direction()).isEqualTo(Direction.FORWARD);
      target.good();
      traffic.stop();
      Traffic.assertUndisturbed(written, read, 50);
      assertThat(gateway.terminate().exit()).isZero();
    }
  }

  @Test
  void aShippedArchiveIsTheBackfillWhileApplicationsWrite() throws IOException {
    CollectionName name = live.name("shipped");
    GatewayProcess gateway = gateway(Live.targetUri());
    try (Traffic traffic = new Traffic(clients())) {
      traffic.make(gateway.uri(), name.name());
      Path old = export("old");
      Path written = traffic.write(gateway.uri(), name.name(), 0);
      Path read = traffic.read(gateway.uri(), name.name());
      ferry.run(live(gateway, "start", "--only", name.name(), "--until", "mirror")).succeeds();
      FerryRun tooOld =
          ferry
              .run(live(gateway, "start", "--only", name.name(), "--backfill", old))
              .endsWith(ExitStatus.CONFLICT.number());
      assertThat(entry(tooOld, name).toString()).contains("LIV-003");
      assertThat(live.target().target(name).exists()).isFalse();

      Path base = export("base");
      String bundle =
          ferry.run(overSsh("ship", base, "--to", Live.sftp(inbox()))).succeeds().value("bundle");
      Path received = dir.resolve("received");
      ferry.run(overSsh("receive", bundle, "--to", received)).succeeds();
      ferry
          .run(
              live(
                  gateway,
                  "start",
                  "--only",
                  name.name(),
                  "--backfill",
                  received,
                  "--staging",
                  "in-place",
                  "--watch",
                  "1s"))
          .succeeds();
      traffic.stop();
      Traffic.assertUndisturbed(written, read, 50);
      gateway.until(name, "nothing is pending", MirrorStatus::caughtUp);
      traffic.check(Live.targetUri(), name.name(), written);
      ferry.run("compare", Live.sourceUri(), Live.targetUri(), "--only", name.name()).succeeds();
      assertThat(gateway.terminate().exit()).isZero();
    }
  }

  @Test
  void aSourceThatIsKilledLosesNoWriteThatItAnswered() throws IOException {
    CollectionName name = live.name("killed");
    try (LabMilvus source = LabMilvus.start(dir.resolve("source"));
        Traffic traffic = new Traffic(clients())) {
      GatewayProcess gateway =
          new GatewayProcess(ferry, dir.resolve("gateway"), source.uri(), Live.targetUri());
      traffic.make(gateway.uri(), name.name());
      ferry.run(live(gateway, "start", "--only", name.name(), "--until", "catch-up")).succeeds();
      Path written = traffic.write(gateway.uri(), name.name(), 0);
      gateway.until(name, "applications write", mirror -> mirror.pendingRecords() > 0);
      source.kill();
      gateway.until(name, "what was answered is replayed", mirror -> mirror.pendingRecords() == 0);
      source.restart();
      gateway.until(name, "applications write again", mirror -> mirror.pendingRecords() > 0);

      traffic.stop();
      gateway.until(name, "nothing is pending or unknown", MirrorStatus::caughtUp);
      try (MilvusServer server = MilvusConnection.open(ConnectionSettings.parse(source.uri()))) {
        server.source(name).load(1, Live.PATIENCE); // it loads by itself, but not at once
      }
      traffic.check(source.uri(), name.name(), written);
      traffic.check(Live.targetUri(), name.name(), written);
      ferry.run("compare", source.uri(), Live.targetUri(), "--only", name.name()).succeeds();
      assertThat(gateway.terminate().exit()).isZero();
    }
  }

  @Test
  void aCollectionThatIsDroppedAtTheSourceIsSaidAndCanBeGivenUp() {
    CollectionName name = create();
    GatewayProcess gateway = gateway(Live.targetUri());
    ferry.run(live(gateway, "start", "--only", name.name(), "--until", "catch-up")).succeeds();
    live.source().target(name).drop();
    gateway.until(name, "the drop is noticed", mirror -> !mirror.replaying());

    JsonObject status = ferry.run(live(gateway, "status")).succeeds().result();
    assertThat(status.toString()).contains("the source has no " + name);
    FerryRun refused = ferry.run(live(gateway, "cutover")).fails(9, "LIV-001");
    assertThat(refused.message()).contains("the source has no " + name);

    ferry.run(live(gateway, "rollback", "--abandon", "--drop-target")).succeeds();
    assertThat(gateway.isMirrored()).isFalse();
    assertThat(live.target().target(name).exists()).isFalse();
    assertThat(create()).isEqualTo(name);
    ferry.run(live(gateway, "start", "--only", name.name(), "--until", "mirror")).succeeds();
    assertThat(gateway.terminate().exit()).isZero();
  }

  private CollectionName create() {
    CollectionSchema schema =
        SampleRows.schema(FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 8));
    CollectionName name = live.create("dropped", schema);
    live.fill(name, "_default", new SampleRows(SEED), 0, 100);
    return name;
  }
}
