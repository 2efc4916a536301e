package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.testkit.SampleBag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenSSH servers with settings that make it hard for whoever ships much. */
class BadSshServerIT extends LiveCase {
  private Path archive;
  private Digest id;

  @BeforeEach
  void makeAnArchive() throws IOException {
    archive = dir.resolve("bag");
    id = SampleBag.writeRandom(archive, SEED, 12_000_000, 3_000_000);
  }

  private LabSftp server(String... settings) {
    return LabSftp.start(dir.resolve("sshd"), settings);
  }

  private Path there() throws IOException {
    return Files.createDirectories(dir.resolve("sshd/files/inbox"));
  }

  private FerryRun ship(LabSftp server) throws IOException {
    return ferry.run(
        "ship",
        archive,
        "--to",
        server.uri(there()),
        "--ssh-key",
        server.key(),
        "--known-hosts",
        server.knownHosts(),
        "--connections",
        8);
  }

  private FerryRun shipAndReceive(LabSftp server) throws IOException {
    FerryRun shipped = ship(server).succeeds();
    Path received = dir.resolve("received");
    ferry
        .run(
            "receive",
            shipped.value("bundle"),
            "--to",
            received,
            "--ssh-key",
            server.key(),
            "--known-hosts",
            server.knownHosts())
        .succeeds();
    assertThat(Digest.ofFile(received.resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
    return shipped;
  }

  @Test
  void newKeysAfterEveryMegabyteAreAgreedOnWhileChunksAreSent() throws IOException {
    try (LabSftp server = server("RekeyLimit=1M")) {
      shipAndReceive(server);
    }
  }

  @Test
  void whereLoginsAreDroppedFewerConnectionsDoTheWork() throws IOException {
    try (LabSftp server = server("MaxStartups=2:100:2")) {
      FerryRun shipped = shipAndReceive(server);

      assertThat(shipped.result().get("connections").getAsInt()).isBetween(1, 8);
    }
  }

  @Test
  void oneSessionForEachConnectionIsEnough() throws IOException {
    try (LabSftp server = server("MaxSessions=1")) {
      shipAndReceive(server);
    }
  }

  @Test
  void whatAServerCannotDoIsSaidAndDoneInAWeakerWay() throws IOException {
    String without = "fsync,posix-rename,statvfs,limits,hardlink";
    try (LabSftp server = server("ForceCommand=internal-sftp -P " + without)) {
      FerryRun shipped = shipAndReceive(server);

      assertThat(shipped.result().get("weaknesses").toString())
          .contains("no fsync")
          .contains("no posix-rename")
          .contains("no statvfs");
    }
  }

  @Test
  void aServerThatLetsNobodyWriteIsSaidToAndNothingIsLeft() throws IOException {
    try (LabSftp server = server("ForceCommand=internal-sftp -R")) {
      assertThat(ship(server).fails(7, "SHIP-008").message()).contains("inbox");
      assertThat(there()).isEmptyDirectory();
    }
  }

  @Test
  void aKeyThatHasExpiredIsRefusedAfterOneAttempt() throws IOException {
    try (LabSftp server = server()) {
      Path keys = dir.resolve("sshd/authorized_keys");
      Files.writeString(keys, "expiry-time=\"20200101\" " + Files.readString(keys));

      ship(server).fails(7, "SHIP-006");

      assertThat(refusals("Failed publickey")).isEqualTo(1);
      assertThat(there()).isEmptyDirectory();
    }
  }

  @Test
  void aUserWhoIsLockedOutIsRefusedAfterOneAttempt() throws IOException {
    String user = System.getProperty("user.name");
    try (LabSftp server = server("DenyUsers=" + user)) {
      ship(server).fails(7, "SHIP-006");

      assertThat(refusals("not allowed because")).isEqualTo(1);
    }
  }

  /** Attempts to log in that the server refused. */
  private long refusals(String words) throws IOException {
    try (var lines = Files.lines(dir.resolve("sshd/sshd.log"))) {
      return lines.filter(line -> line.contains(words)).count();
    }
  }
}
