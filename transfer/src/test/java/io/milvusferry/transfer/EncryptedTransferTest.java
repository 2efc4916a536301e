package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ManifestReader;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.TestSftpServer;
import io.milvusferry.transfer.age.AgeKeys;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.age.Recipients;
import io.milvusferry.transfer.remote.SftpServerFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedTransferTest {
  private static final AgeKeys ANNA = AgeKeys.of(1);

  /** So much of a connection's work may be lost with it. */
  private static final long SLACK = 1 << 20;

  /** The indexes of the bundle, which may be sent twice. */
  private static final long INDEX = 20_000;

  @TempDir Path dir;

  private TestSftpServer server;
  private Transfers transfers;
  private Digest id;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("remote/inbox"));
    server = TestSftpServer.start(dir.resolve("remote"));
    Path known = server.writeKnownHosts(dir.resolve("known_hosts"));
    transfers = new Transfers(dir, SftpServerFixture.settings(known), 1, 1);
    transfers.recipients = Optional.of(Recipients.of(List.of(ANNA.recipient())));
    transfers.identities = Identities.read(ANNA.write(dir.resolve("identity")));
    id = SampleBag.write(dir.resolve("nightly"), 3, 2_000_000, 900_000, 5_000, 2_200_000);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private List<Path> secrets() throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve("state"))) {
      return files.filter(file -> file.toString().contains(".secret")).toList();
    }
  }

  private void assertArrives(String inbox, String to) throws IOException {
    assertThat(transfers.receive(inbox, to)).isInstanceOf(ReceiveResult.Received.class);
    assertThat(Digest.ofFile(dir.resolve(to).resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  @Test
  void continuesWithTheSameSecretWhereverItWasCut() throws IOException {
    server.cutAtRequest(Long.MAX_VALUE);
    ShipResult whole = transfers.ship("nightly", server.uri("inbox"));
    long requests = server.requests();
    for (long cut = 1; cut < requests; cut += 1 + requests / 20) {
      String inbox = server.uri("cut-" + cut);
      server.resetCounters();
      server.cutAtRequest(cut);
      FerryException e =
          catchThrowableOfType(FerryException.class, () -> transfers.ship("nightly", inbox));
      if (e == null) {
        // The first run sent smaller requests: on a busy machine the server seemed far away.
        assertThat(server.requests()).as("cut at %d", cut).isLessThan(cut);
        continue;
      }
      assertThat(e.code()).as("cut at %d: %s", cut, e).isEqualTo(ErrorCode.CONNECTION_LOST);
      for (Path secret : secrets()) {
        assertThat(Files.getPosixFilePermissions(secret))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }

      ShipResult resumed = transfers.ship("nightly", inbox);

      assertThat(resumed.wireBytes()).isEqualTo(whole.wireBytes());
      assertThat(server.bytesWritten())
          .as("cut at %d: bytes sent twice", cut)
          .isLessThanOrEqualTo(whole.wireBytes() + SLACK + INDEX);
      assertThat(secrets()).isEmpty();
      assertArrives(inbox, "arrived-" + cut);
    }
  }

  @Test
  void sendsWithAnotherSecretWhenTheFirstIsLost() throws IOException {
    server.cutAtRequest(30);
    assertThat(
            catchThrowableOfType(
                FerryException.class, () -> transfers.ship("nightly", server.uri("inbox"))))
        .isNotNull();
    for (Path secret : secrets()) {
      Files.writeString(secret, "scrambled");
    }
    transfers.ship("nightly", server.uri("inbox"));
    assertThat(secrets()).isEmpty();
    assertArrives(server.uri("inbox"), "arrived");
  }

  @Test
  void shipsPartsWhileOthersAreMade() throws IOException {
    var manifest = ManifestReader.read(dir.resolve("nightly/manifest.json"));
    ShipResult shipped;
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      ahead.begin(manifest.creationId());
      manifest
          .collections()
          .get(0)
          .parts()
          .forEach(part -> ahead.add(part.path(), part.bytes(), part.digest()));
      shipped = ahead.finish();
    }
    assertThat(shipped.bytesSent()).isEqualTo(shipped.wireBytes());
    assertThat(secrets()).isEmpty();
    assertArrives(server.uri("inbox"), "arrived");
    assertThat(transfers.ship("nightly", server.uri("inbox")).nothingToDo()).isTrue();
  }
}
