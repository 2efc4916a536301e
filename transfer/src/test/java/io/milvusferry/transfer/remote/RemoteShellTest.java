package io.milvusferry.transfer.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.testkit.TestSftpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RemoteShellTest {
  @TempDir Path dir;

  private final List<String> out = new ArrayList<>();
  private final List<String> err = Collections.synchronizedList(new ArrayList<>());
  private TestSftpServer server;
  private RemoteShell shell;

  @BeforeEach
  void start() throws IOException {
    server = TestSftpServer.start(dir);
    shell =
        new RemoteShell(
            SftpAddress.parse(server.uri("files")),
            SftpServerFixture.settings(server.writeKnownHosts(dir.resolve("known_hosts"))));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private int run(String command) {
    return shell.run(command, out::add, err::add);
  }

  private static FerryException failure(ThrowingCallable call) {
    FerryException e = Assertions.catchThrowableOfType(FerryException.class, call);
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void bringsBackWhatACommandPrintsAndItsStatus() {
    server.allowCommands();
    shell.requireCommands();
    assertThat(run("echo one; echo two >&2; echo three; exit 42")).isEqualTo(42);
    assertThat(out).containsExactly("one", "three");
    assertThat(err).containsExactly("two");
  }

  @Test
  void givesTheCommandToTheShellAsItIs() {
    server.allowCommands();
    assertThat(run("for i in 1 2; do printf '%s|' \"a  $i\" 'it'\"'\"'s'; done")).isZero();
    assertThat(out).containsExactly("a  1|it's|a  2|it's|");
  }

  @Test
  void readsMoreThanAWindowOfBothStreamsAtOnce() {
    server.allowCommands();
    String much =
        "i=0; while [ $i -lt 300 ]; do printf '%10000d\\n' $i; printf '%10000d\\n' $i >&2;"
            + " i=$((i+1)); done";
    assertThat(run(much)).isZero();
    assertThat(out).hasSize(300).allMatch(line -> line.length() == 10_000);
    assertThat(err).hasSize(300);
  }

  @Test
  void cutsAnEndlessLineAndDropsWhatWouldSteerATerminal() {
    server.allowCommands();
    assertThat(run("printf '%70000d\\n' 1; printf 'a\\033[2Jb\\rc\\td\\n'")).isZero();
    assertThat(out).extracting(String::length).startsWith(65_536, 70_000 - 65_536);
    assertThat(out.get(2)).isEqualTo("a[2Jbc\td");
  }

  @Test
  void saysThatALoginMayRunNoCommands() {
    FerryException e = failure(shell::requireCommands);
    assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_SHELL_REFUSED);
    assertThat(e)
        .hasMessageContaining("'ferry'")
        .hasMessageContaining("127.0.0.1:" + server.port());
    assertThat(failure(() -> run("true")).code()).isEqualTo(ErrorCode.REMOTE_SHELL_REFUSED);
  }

  @Test
  void saysThatItLostSightOfACommandWhoseConnectionBroke() throws InterruptedException {
    server.allowCommands();
    Thread cut = new Thread(() -> cutWhenItPrinted());
    cut.start();
    FerryException e = failure(() -> run("echo begun; sleep 20"));
    cut.join();
    assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_COMMAND_LOST);
    assertThat(e.code().retryable()).isTrue();
    assertThat(e.hint()).contains("may still be running");
    assertThat(out).containsExactly("begun");
  }

  private void cutWhenItPrinted() {
    try {
      while (out.isEmpty()) {
        Thread.sleep(5);
      }
      server.cutAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void asksTheCommandToStopWhenThisSideIsStopped() throws Exception {
    server.allowCommands();
    Path witness = dir.resolve("witness");
    String command =
        "trap 'echo stopped > %s; exit 1' TERM; echo begun; i=0; while [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done"
            .formatted(witness);
    CompletableFuture<FerryException> failure = new CompletableFuture<>();
    Thread running = new Thread(() -> failure.complete(failure(() -> run(command))));
    running.start();
    while (out.isEmpty()) {
      Thread.sleep(5);
    }
    running.interrupt();
    running.join();
    assertThat(failure.join().code()).isEqualTo(ErrorCode.INTERRUPTED);
    while (!Files.exists(witness)) {
      Thread.sleep(20);
    }
    assertThat(Files.readString(witness)).startsWith("stopped");
  }
}
