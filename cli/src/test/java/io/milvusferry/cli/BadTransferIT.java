package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.testkit.SampleBag;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SFTP servers that are not there, are not who they were, or do not let us in. */
class BadTransferIT extends LiveCase {
  private Path archive;

  @BeforeEach
  void makeAnArchive() throws IOException {
    archive = dir.resolve("bag");
    assertThat(SampleBag.write(archive, SEED, 50_000)).isNotNull();
  }

  @Test
  void aHostThatNobodyKnowsIsNotFound() {
    String uri = "sftp://ferry@no-such-host.invalid/inbox";
    assertThat(ferry.run(overSsh("ship", archive, "--to", uri)).fails(10, "SHIP-002").message())
        .contains("no-such-host.invalid");
    ferry.run(overSsh("receive", uri, "--to", dir.resolve("received"))).fails(10, "SHIP-002");
  }

  @Test
  void aPortWhereNothingListensIsUnreachableForNow() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String uri = "sftp://ferry@127.0.0.1:%d/inbox".formatted(port);
    assertThat(ferry.run(overSsh("ship", archive, "--to", uri)).fails(5, "SHIP-001").message())
        .contains("127.0.0.1:" + port);
  }

  @Test
  void anUnknownHostKeyIsRefusedBeforeAnybodyLogsIn() throws IOException {
    Path none = Files.createFile(dir.resolve("known_hosts"));
    FerryRun run = ship(none, Live.sshKey(), 7, "SHIP-003");
    String fingerprint = fingerprint(Live.knownHosts());
    assertThat(run.message() + run.hint()).contains(fingerprint);
    ferry
        .run(
            "ship",
            archive,
            "--to",
            Live.sftp(inbox()),
            "--ssh-key",
            Live.sshKey(),
            "--known-hosts",
            none,
            "--accept-host-key",
            fingerprint)
        .succeeds();
  }

  @Test
  void aChangedHostKeyIsRefusedBeforeAnybodyLogsIn() throws IOException {
    Path other = key("other_host");
    String host = Files.readString(Live.knownHosts()).split(" ", -1)[0];
    String[] words = Files.readString(dir.resolve("other_host.pub")).split(" ", -1);
    assertThat(other).exists();
    Path changed =
        Files.writeString(
            dir.resolve("known_hosts"), "%s %s %s%n".formatted(host, words[0], words[1]));
    FerryRun run = ship(changed, Live.sshKey(), 7, "SHIP-004");
    assertThat(run.message() + run.hint()).contains(fingerprint(Live.knownHosts()));
  }

  @Test
  void aKeyThatTheServerDoesNotKnowIsRefused() throws IOException {
    ship(Live.knownHosts(), key("stranger"), 7, "SHIP-006");
  }

  @Test
  void aBundleThatIsNotThereIsNotFound() {
    String uri = Live.sftp(inbox().resolve("nothing"));
    FerryRun run =
        ferry.run(overSsh("receive", uri, "--to", dir.resolve("received"))).fails(10, "RCV-001");
    assertThat(run.message()).contains("nothing");
    assertThat(dir.resolve("received").resolve("tagmanifest-sha256.txt")).doesNotExist();
  }

  /** Ships in vain; nobody logged in, and nothing was made. */
  private FerryRun ship(Path knownHosts, Path key, int status, String code) throws IOException {
    Path log = Live.sftpDirectory().resolveSibling("sshd.log");
    int before = Files.readString(log).length();
    FerryRun run =
        ferry
            .run(
                "ship",
                archive,
                "--to",
                Live.sftp(inbox()),
                "--ssh-key",
                key,
                "--known-hosts",
                knownHosts)
            .fails(status, code);
    String said = Files.readString(log).substring(before);
    assertThat(said).contains("Connection from").doesNotContain("Accepted");
    if (!code.equals("SHIP-006")) {
      assertThat(said).doesNotContainIgnoringCase("publickey").doesNotContain("password");
    }
    assertThat(inbox()).doesNotExist();
    return run;
  }

  private Path key(String name) throws IOException {
    Path file = dir.resolve(name);
    tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file.toString());
    return file;
  }

  private static String fingerprint(Path knownHosts) throws IOException {
    return tool("ssh-keygen", "-l", "-f", knownHosts.toString()).split(" ", -1)[1];
  }

  private static String tool(String... words) throws IOException {
    Process process = new ProcessBuilder(words).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor()).as(said).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return said;
  }
}
