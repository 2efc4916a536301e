package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ManifestReader;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.TestSftpServer;
import io.milvusferry.transfer.remote.SftpServerFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipAheadTest {
  private static final long INDEX = 10_000;
  private static final long SLACK = 1 << 20;

  @TempDir Path dir;

  private TestSftpServer server;
  private Transfers transfers;
  private Digest id;
  private List<PartEntry> parts;
  private String creationId;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("remote/inbox"));
    server = TestSftpServer.start(dir.resolve("remote"));
    Path known = server.writeKnownHosts(dir.resolve("known_hosts"));
    transfers = new Transfers(dir, SftpServerFixture.settings(known), 1, 2);
    id = SampleBag.write(dir.resolve("nightly"), 11, 2_000_000, 900_000, 5_000, 2_200_000);
    var manifest = ManifestReader.read(dir.resolve("nightly/manifest.json"));
    parts = manifest.collections().get(0).parts();
    creationId = manifest.creationId();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static void add(ShipAhead ahead, List<PartEntry> some) {
    some.forEach(part -> ahead.add(part.path(), part.bytes(), part.digest()));
  }

  private void assertArrives() throws IOException {
    assertThat(transfers.receive(server.uri("inbox"), "arrived"))
        .isInstanceOf(ReceiveResult.Received.class);
    assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  /**
   * Waits until the server has so many bytes, as a test that goes on at once would not see them.
   */
  private void await(long bytes) throws InterruptedException {
    for (int i = 0; i < 1000 && server.bytesWritten() < bytes; i++) {
      Thread.sleep(10);
    }
    assertThat(server.bytesWritten()).isGreaterThanOrEqualTo(bytes);
  }

  @Test
  void sendsFinishedPartsBeforeTheArchiveIsSealedAndNoByteTwice() throws Exception {
    Path seal = dir.resolve("nightly/tagmanifest-sha256.txt");
    Files.move(seal, dir.resolve("seal"));
    ShipResult shipped;
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      ahead.begin(creationId);
      add(ahead, parts);
      await(2_700_000);
      assertThat(dir.resolve("remote/inbox/nightly-" + creationId + "/bundle.json")).doesNotExist();
      Files.move(dir.resolve("seal"), seal);
      shipped = ahead.finish();
    }
    assertThat(server.bytesWritten()).isLessThanOrEqualTo(shipped.wireBytes() + INDEX);
    assertThat(shipped.bytesSent()).isEqualTo(shipped.wireBytes());
    assertArrives();
    assertThat(transfers.ship("nightly", server.uri("inbox")).nothingToDo()).isTrue();
  }

  @Test
  void leavesWhatItHasSentToTheNextRun() throws Exception {
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      ahead.begin(creationId);
      add(ahead, parts.subList(0, 2));
      await(2_000_000);
    }
    ShipResult shipped;
    try (ShipAhead again = transfers.ahead("nightly", server.uri("inbox"))) {
      again.begin(creationId);
      add(again, parts);
      shipped = again.finish();
    }
    assertThat(server.bytesWritten()).isLessThanOrEqualTo(shipped.wireBytes() + SLACK + INDEX);
    assertArrives();
  }

  @Test
  void replacesWhatDoesNotBelongToTheArchiveInTheEnd() throws Exception {
    SampleBag.write(dir.resolve("other/nightly"), 99, 2_000_000, 900_000);
    List<PartEntry> others =
        ManifestReader.read(dir.resolve("other/nightly/manifest.json"))
            .collections()
            .get(0)
            .parts();
    try (ShipAhead ahead = transfers.ahead("other/nightly", server.uri("inbox"))) {
      ahead.begin(creationId);
      add(ahead, others);
      await(2_000_000);
    }
    ShipResult shipped = transfers.ship("nightly", server.uri("inbox"));
    assertThat(shipped.chunks().get(0)).isInstanceOf(ChunkOutcome.Sent.class);
    assertArrives();
  }

  @Test
  void goesOnAtTheEndWhenItIsCutOnTheWay() throws Exception {
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      ahead.begin(creationId);
      server.cutAtRequest(6);
      add(ahead, parts);
      ahead.finish();
    }
    assertArrives();
  }

  @Test
  void leavesPartsThatComeOutOfOrderToTheEnd() throws Exception {
    List<PartEntry> backwards = new ArrayList<>(parts);
    Collections.reverse(backwards);
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      ahead.begin(creationId);
      add(ahead, backwards);
      ahead.finish();
    }
    assertArrives();
  }

  @Test
  void failsAtOnceWhenTheOtherSideCannotBeReached() throws IOException {
    server.close();
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      assertThatThrownBy(() -> ahead.begin(creationId))
          .isInstanceOfSatisfying(
              FerryException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.REMOTE_UNREACHABLE));
    }
  }

  @Test
  void sendsNoPartThatIsNotWhatItsDigestSays() throws IOException {
    PartEntry first = parts.get(0);
    Path file = dir.resolve("nightly").resolve(first.path());
    byte[] content = Files.readAllBytes(file);
    content[1_000_000] ^= 1;
    Files.write(file, content);
    try (ShipAhead ahead = transfers.ahead("nightly", server.uri("inbox"))) {
      ahead.begin(creationId);
      add(ahead, parts);
      assertThatThrownBy(ahead::finish)
          .isInstanceOfSatisfying(
              FerryException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.ARCHIVE_DAMAGED));
    }
    assertThat(dir.resolve("remote/inbox/nightly-" + creationId + "/bundle.json")).doesNotExist();
  }
}
