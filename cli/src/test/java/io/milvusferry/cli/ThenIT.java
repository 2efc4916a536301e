package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One command here that has another one run on the far side of a real sshd. */
class ThenIT extends LiveCase {
  private static final int ROWS = 2_000;

  /** An sshd whose logins have a shell, as that of the other live tests has not. */
  private LabSftp shell;

  @BeforeEach
  void start() {
    shell = LabSftp.start(dir.resolve("sshd"), "ForceCommand=none");
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  private List<Object> words(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--to",
            shell.uri(inbox()),
            "--ssh-key",
            shell.key(),
            "--known-hosts",
            shell.knownHosts()));
    return all;
  }

  private Object[] with(List<Object> words, String then) {
    List<Object> all = new ArrayList<>(words);
    all.addAll(List.of("--then", then));
    return all.toArray();
  }

  private Path bag() throws IOException {
    Path archive = dir.resolve("bag");
    SampleBag.write(archive, SEED, 50_000);
    return archive;
  }

  private String restore(String further) {
    return "XDG_STATE_HOME=%s %s restore %s --into %s %s"
        .formatted(
            dir.resolve("far"),
            Live.variable("FERRY_IT_FERRY"),
            inbox(),
            Live.targetUri(),
            further);
  }

  @Test
  void oneCommandMovesACollectionToTheFarSideAndBringsTheProofBack() {
    var schema =
        SampleRows.schema(FieldType.INT64, List.of(), SampleRows.vector(FieldType.FLOAT_VECTOR, 8));
    CollectionName name = live.create("then", schema);
    live.fill(name, "_default", new SampleRows(SEED), 0, ROWS);
    List<Object> send = words("send", "--from", Live.sourceUri(), "--only", live.all());

    FerryRun run = ferry.run(with(send, restore("--json"))).succeeds();

    JsonObject then = run.result().getAsJsonObject("then");
    assertThat(then.get("exit").getAsInt()).isZero();
    assertThat(then.getAsJsonObject("result").get("proven").getAsBoolean()).isTrue();
    assertThat(run.err()).contains("then: ");
    live.assertTargetHas(name, ROWS);
  }

  @Test
  void aFailureThereIsAFailureHereWithTheSameStatusAndIsRunAgainWithoutSending()
      throws IOException {
    List<Object> ship = words("ship", bag());
    FerryRun failed = ferry.run(with(ship, "echo no luck >&2; exit 9")).fails(9, "SHIP-018");
    assertThat(failed.err()).contains("then: no luck");
    assertThat(failed.result().get("chunksSent").getAsInt()).isPositive();
    ferry.run(with(ship, "kill -KILL $$")).fails(137, "SHIP-018");
    ferry.run(with(ship, "no-such-command-here")).fails(127, "SHIP-018");
    FerryRun again = ferry.run(with(ship, "echo \"$((6 * 7))\" 'as it  is'")).succeeds();
    assertThat(again.result().get("chunksSent").getAsInt()).isZero();
    assertThat(again.result().getAsJsonObject("then").getAsJsonArray("output").get(0).getAsString())
        .isEqualTo("42 as it  is");
  }

  @Test
  void aServerThatForcesSftpIsRefusedBeforeAnythingIsSent() throws IOException {
    FerryRun run =
        ferry
            .run(overSsh("ship", bag(), "--to", Live.sftp(inbox()), "--then", "echo never"))
            .fails(8, "SHIP-017");
    assertThat(run.message()).contains("sftp connections only");
    assertThat(inbox()).doesNotExist();
  }

  /** An sshd passes no signals on to a login of root, so the command sees its output closed. */
  @Test
  void stoppingHereClosesTheChannelOfTheCommandThere() throws IOException {
    Path begun = dir.resolve("begun");
    Path closed = dir.resolve("closed");
    String command =
        "trap '' PIPE; touch %s; while echo working; do sleep 0.1; done; touch %s"
            .formatted(begun, closed);
    FerryProcess process = ferry.start(with(words("ship", bag()), command));
    process.when("the command runs", () -> Files.exists(begun));
    process.terminate().endsWith(143);
    await(closed);
  }

  @Test
  void aConnectionThatIsCutLeavesTheCommandRunningAndSaysSo() throws IOException {
    Path begun = dir.resolve("begun");
    Path done = dir.resolve("done");
    List<Object> ship = words("ship", bag());
    String command =
        "touch %s; trap '' HUP PIPE; while [ ! -e %s ]; do sleep 0.1; done; touch %s"
            .formatted(begun, dir.resolve("go"), done);
    FerryProcess process = ferry.start(with(ship, command));
    process.when("the command runs", () -> Files.exists(begun));
    shell.cut();
    FerryRun run = process.await().fails(5, "SHIP-019");
    assertThat(run.hint()).contains("may still be running");
    Files.createFile(dir.resolve("go"));
    await(done);
    assertThat(ferry.run(with(ship, "echo resumed")).succeeds().value("chunksSent")).isEqualTo("0");
  }

  private static void await(Path file) {
    long deadline = System.nanoTime() + Live.PATIENCE.toNanos();
    while (!Files.exists(file) && System.nanoTime() < deadline) {
      pause();
    }
    assertThat(file).exists();
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
