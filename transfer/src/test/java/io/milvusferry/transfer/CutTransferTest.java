package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.TestSftpServer;
import io.milvusferry.transfer.remote.SftpServerFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutTransferTest {
  /** So much of a connection's work may be lost with it. */
  private static final long SLACK = 1 << 20;

  /** The index of the bundle, which may be sent twice. */
  private static final long INDEX = 10_000;

  @TempDir Path dir;

  private TestSftpServer server;
  private Transfers impatient;
  private Transfers patient;
  private Digest id;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("remote/inbox"));
    server = TestSftpServer.start(dir.resolve("remote"));
    Path known = server.writeKnownHosts(dir.resolve("known_hosts"));
    impatient = new Transfers(dir, SftpServerFixture.settings(known), 1, 1);
    patient = new Transfers(dir, SftpServerFixture.settings(known), 5, 2);
    id = SampleBag.write(dir.resolve("nightly"), 3, 2_000_000, 900_000, 5_000, 2_200_000);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private String inbox() {
    return server.uri("inbox");
  }

  private void assertArrived(ReceiveResult result, String to) throws IOException {
    assertThat(result).isInstanceOf(ReceiveResult.Received.class);
    assertThat(Digest.ofFile(dir.resolve(to).resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  /** On a busy machine the server seems far away, and is sent more and smaller requests. */
  private void assertNotCut(long cut) {
    assertThat(server.requests()).as("cut at %d", cut).isLessThan(cut);
  }

  @Test
  void countsWhatAWholeTransferNeeds() throws IOException {
    server.cutAtRequest(Long.MAX_VALUE);
    ShipResult shipped = patient.ship("nightly", inbox());
    assertThat(shipped.bytesSent()).isEqualTo(shipped.wireBytes());
    assertThat(shipped.ratio()).isGreaterThan(1.2);
    assertArrived(patient.receive(inbox(), "arrived"), "arrived");
  }

  @Test
  void completesAShipmentThatIsCutAtAnyRequest() throws IOException {
    server.cutAtRequest(Long.MAX_VALUE);
    impatient.ship("nightly", server.uri("inbox"));
    long requests = server.requests();
    long wireBytes = impatient.ship("nightly", inbox()).wireBytes();
    for (long cut = 1; cut < requests; cut += 1 + requests / 25) {
      String inbox = server.uri("cut-" + cut);
      server.resetCounters();
      server.cutAtRequest(cut);
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> impatient.ship("nightly", inbox));
      if (e == null) {
        assertNotCut(cut);
        continue;
      }
      assertThat(e.code()).as("cut at %d: %s", cut, e).isEqualTo(ErrorCode.CONNECTION_LOST);
      assertThat(Files.exists(dir.resolve("remote/cut-" + cut + "/bundle.json"))).isFalse();

      ShipResult resumed = impatient.ship("nightly", inbox);

      assertThat(resumed.wireBytes()).isEqualTo(wireBytes);
      assertThat(server.bytesWritten())
          .as("cut at %d: bytes sent twice", cut)
          .isLessThanOrEqualTo(wireBytes + SLACK + INDEX);
      assertArrived(impatient.receive(inbox, "arrived-" + cut), "arrived-" + cut);
    }
  }

  @Test
  void goesOnByItselfWhenItIsPatient() throws IOException {
    server.cutAtRequest(20);
    ShipResult shipped = patient.ship("nightly", inbox());
    assertThat(shipped.nothingToDo()).isFalse();
    server.cutAtRequest(20);
    assertArrived(patient.receive(inbox(), "arrived"), "arrived");
  }

  @Test
  void completesAReceiptThatIsCutAtAnyRequest() throws IOException {
    impatient.ship("nightly", inbox());
    server.cutAtRequest(Long.MAX_VALUE);
    server.resetCounters();
    impatient.receive(inbox(), "whole");
    long requests = server.requests();
    long read = server.bytesRead();
    for (long cut = 1; cut < requests; cut += 1 + requests / 25) {
      String to = "cut-" + cut;
      server.resetCounters();
      server.cutAtRequest(cut);
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> impatient.receive(inbox(), to));
      if (e == null) {
        assertNotCut(cut);
        continue;
      }
      assertThat(e.code()).as("cut at %d: %s", cut, e).isEqualTo(ErrorCode.CONNECTION_LOST);
      assertThat(Files.exists(dir.resolve(to).resolve("tagmanifest-sha256.txt"))).isFalse();

      assertArrived(impatient.receive(inbox(), to), to);

      assertThat(server.bytesRead()).as("cut at %d", cut).isLessThan(read + 3 * SLACK);
    }
  }

  @Test
  void recognisesFinishedChunksOfWhichItsJournalDoesNotKnow() throws IOException {
    server.cutAtRequest(Long.MAX_VALUE);
    ShipResult first = patient.ship("nightly", inbox());
    Path bundle;
    try (Stream<Path> below = Files.walk(dir.resolve("remote/inbox"))) {
      bundle = below.filter(file -> file.endsWith("bundle.json")).findFirst().orElseThrow();
    }
    byte[] index = Files.readAllBytes(bundle);
    Files.delete(bundle);
    Files.move(dir.resolve("state"), dir.resolve("lost-state"));

    ShipResult again = patient.ship("nightly", inbox());

    assertThat(first.bytesSent()).isPositive();
    assertThat(again.bytesSent()).isZero();
    assertThat(Files.readAllBytes(bundle)).isEqualTo(index);
    assertArrived(patient.receive(inbox(), "arrived"), "arrived");
  }

  @Test
  void namesNoChunkThatTheServerHasOtherwise() throws IOException {
    server.damageWrite(3);
    FerryException e =
        Assertions.catchThrowableOfType(
            FerryException.class, () -> patient.ship("nightly", inbox()));
    assertThat(e.code()).isEqualTo(ErrorCode.REMOTE_DIFFERS);
    try (var left = Files.walk(dir.resolve("remote/inbox"))) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .doesNotContain("bundle.json");
    }
    ShipResult shipped = patient.ship("nightly", inbox());
    assertThat(shipped.chunksCompared()).isEqualTo(shipped.chunksSent()).isPositive();
    assertArrived(patient.receive(inbox(), "arrived"), "arrived");
  }

  @Test
  void saysThatTheServerIsFullAndGoesOnWhenThereIsSpace() throws IOException {
    server.fullAfter(1_500_000);
    FerryException e =
        Assertions.catchThrowableOfType(
            FerryException.class, () -> patient.ship("nightly", inbox()));
    assertThat(e.code()).isIn(ErrorCode.REMOTE_FULL, ErrorCode.REMOTE_REFUSED);
    server.freeSpace();
    patient.ship("nightly", inbox());
    assertArrived(patient.receive(inbox(), "arrived"), "arrived");
  }
}
