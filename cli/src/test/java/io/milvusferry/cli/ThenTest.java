package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.TestSftpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThenTest {
  private static final long SEED = 5;

  @TempDir Path dir;

  private TestSftpServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("remote"));
    server = TestSftpServer.start(dir.resolve("remote"));
    SampleBag.write(dir.resolve("nightly"), SEED, 40_000);
    Path password = Files.writeString(dir.resolve("password"), TestSftpServer.PASSWORD);
    Files.setPosixFilePermissions(
        password, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private CommandRun ship(String to, String... further) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "ship",
                dir.resolve("nightly").toString(),
                "--to",
                to,
                "--known-hosts",
                server.writeKnownHosts(dir.resolve("known_hosts")).toString(),
                "--ssh-password-file",
                dir.resolve("password").toString()));
    words.addAll(List.of(further));
    return CommandRun.of(
        dir,
        Map.of("XDG_STATE_HOME", dir.resolve("state").toString()),
        EntryPoints.REAL,
        words.toArray(String[]::new));
  }

  private boolean published() throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve("remote"))) {
      return files.anyMatch(file -> file.endsWith("bundle.json"));
    }
  }

  @Test
  void runsTheCommandWhenTheBundleIsThereAndShowsWhatItSays() throws IOException {
    server.allowCommands();
    String command = "find '%s' -name bundle.json | wc -l; echo loading >&2".formatted(dir);
    CommandRun run = ship(server.uri("inbox"), "--then", command);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines().skip(run.out().lines().count() - 1)).containsExactly("1");
    assertThat(run.out()).contains("archive ").contains(" shipped ").doesNotContain("next:");
    assertThat(run.err()).contains("then: loading");
  }

  @Test
  void endsWithTheStatusOfTheCommandAndRunsItAgainThoughNothingIsSent() throws IOException {
    server.allowCommands();
    CommandRun failed = ship(server.uri("inbox"), "--then", "exit 4");
    assertThat(failed.status()).isEqualTo(4);
    assertThat(failed.err()).contains("SHIP-018").contains("status 4: exit 4");
    assertThat(published()).isTrue();

    CommandRun again = ship(server.uri("inbox"), "--then", "echo again", "--json");

    assertThat(again.status()).isZero();
    assertThat(again.result().get("chunksSent").getAsInt()).isZero();
    assertThat(again.result().getAsJsonObject("then").toString())
        .isEqualTo("{\"command\":\"echo again\",\"exit\":0,\"output\":[\"again\"]}");
  }

  @Test
  void carriesTheResultOfACommandThatSpeaksJson() throws IOException {
    server.allowCommands();
    String command =
        "echo '{\"type\":\"start\"}'; echo '{\"type\":\"finding\"}'; echo '{} {';"
            + " echo '{\"type\":\"result\",\"ok\":false,\"exit\":5}'; exit 5";
    CommandRun run = ship(server.uri("inbox"), "--json", "--then", command);
    assertThat(run.status()).isEqualTo(5);
    assertThat(run.json().stream().filter(line -> line.get("type").getAsString().equals("result")))
        .hasSize(1);
    JsonObject result = run.result();
    assertThat(result.get("exit").getAsInt()).isEqualTo(5);
    assertThat(result.get("ok").getAsBoolean()).isFalse();
    JsonObject then = result.getAsJsonObject("then");
    assertThat(then.getAsJsonObject("result").get("exit").getAsInt()).isEqualTo(5);
    assertThat(then.getAsJsonArray("output").asList())
        .extracting(JsonElement::getAsString)
        .containsExactly("{\"type\":\"finding\"}", "{} {");
    JsonObject error =
        run.json().stream()
            .filter(line -> line.get("type").getAsString().equals("error"))
            .findFirst()
            .orElseThrow();
    assertThat(error.get("exit").getAsInt()).isEqualTo(5);
    assertThat(error.get("retryable").getAsBoolean()).isTrue();
  }

  @Test
  void sendsNothingWhereTheLoginMayRunNoCommands() throws IOException {
    CommandRun run = ship(server.uri("inbox"), "--then", "true");
    assertThat(run.status()).isEqualTo(8);
    assertThat(run.err()).contains("SHIP-017");
    assertThat(published()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void refusesACommandThatIsNone(String command) throws IOException {
    server.allowCommands();
    CommandRun run = ship(server.uri("inbox"), "--then", command);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("CFG-001").contains("--then").contains("is no command");
    assertThat(published()).isFalse();
  }

  @Test
  @Timeout(60)
  void saysWhatBecameOfTheArchiveWhenItIsStopped() throws Exception {
    server.allowCommands();
    Path started = dir.resolve("started");
    FutureTask<CommandRun> task =
        new FutureTask<>(
            () ->
                ship(
                    server.uri("inbox"), "--then", "touch '%s'; exec sleep 20".formatted(started)));
    Thread thread = new Thread(task, "ship");
    thread.start();
    while (!Files.exists(started)) {
      Thread.sleep(20);
    }

    thread.interrupt();

    assertThat(task.get().err())
        .contains("the archive is shipped")
        .contains("may still be running there");
    assertThat(published()).isTrue();
  }

  @Test
  void refusesACommandForADisk() throws IOException {
    CommandRun run = ship("file:" + dir.resolve("disk"), "--then", "true");
    assertThat(run.status()).isEqualTo(2);
    assertThat(dir.resolve("disk")).doesNotExist();
  }
}
