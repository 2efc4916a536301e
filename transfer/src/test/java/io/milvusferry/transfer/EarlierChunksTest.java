package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.testkit.TestSftpServer;
import io.milvusferry.transfer.remote.SftpServerFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two archives of the same collection: the second one has the parts of the first, and one more. */
class EarlierChunksTest {
  private static final long[] SIZES = {2_300_000, 900_000};
  private static final int SAME_CHUNKS = 4;

  @TempDir Path dir;

  private Transfers transfers;
  private Path inbox;
  private Digest second;

  @BeforeEach
  void ship() throws IOException {
    SampleBag.write(dir.resolve("first"), 1, SIZES);
    second = SampleBag.writeAgain(dir.resolve("second"), 2, 1, SIZES[0], SIZES[1], 500_000);
    transfers = new Transfers(dir);
    inbox = Files.createDirectories(dir.resolve("inbox"));
    transfers.ship("first", uri());
  }

  private String uri() {
    return "file:" + inbox;
  }

  @Test
  void chunksThatAnEarlierBundleHasAreNotSent() throws IOException {
    ShipResult shipped = transfers.ship("second", uri());

    assertThat(shipped.chunksLinked()).isEqualTo(SAME_CHUNKS);
    transfers.receive(shipped.bundle(), "arrived");
    assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(second);
  }

  @Test
  void chunksOfABundleThatIsGoneAreSent() throws IOException {
    deleteChunks();

    ShipResult shipped = transfers.ship("second", uri());

    assertThat(shipped.chunksLinked()).isZero();
    transfers.receive(shipped.bundle(), "arrived");
  }

  @Test
  void aDamagedChunkOfAnEarlierBundleIsFoundAndSentAgainAndTheEarlierOneStaysAsItIs()
      throws IOException {
    Path old = firstBundle().resolve("chunk-00001");
    byte[] damaged = Files.readAllBytes(old);
    damaged[100] ^= 4;
    Files.write(old, damaged);

    ShipResult shipped = transfers.ship("second", uri());
    assertThat(transfers.receive(shipped.bundle(), "arrived"))
        .isInstanceOfSatisfying(
            ReceiveResult.Damaged.class,
            it ->
                assertThat(it.damaged())
                    .extracting(ReceiveResult.DamagedChunk::index)
                    .isEqualTo(List.of(1)));
    assertThat(transfers.ship("second", uri()).chunksSent()).isEqualTo(1);

    transfers.receive(shipped.bundle(), "arrived");
    assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(second);
    assertThat(Files.readAllBytes(old)).isEqualTo(damaged);
  }

  @Test
  void aChunkThatIsShorterThanItWasIsSent() throws IOException {
    Path old = firstBundle().resolve("chunk-00001");
    Files.write(old, new byte[10]);

    assertThat(transfers.ship("second", uri()).chunksLinked()).isEqualTo(SAME_CHUNKS - 1);
  }

  @Test
  void chunksThatASftpServerHasAreNotSent() throws IOException {
    Files.createDirectories(dir.resolve("far/inbox"));
    try (TestSftpServer server = TestSftpServer.start(dir.resolve("far"))) {
      Path known = server.writeKnownHosts(dir.resolve("known_hosts"));
      Transfers remote = new Transfers(dir, SftpServerFixture.settings(known), 1, 2);
      remote.ship("first", server.uri("inbox"));

      ShipResult shipped = remote.ship("second", server.uri("inbox"));

      assertThat(shipped.chunksLinked()).isEqualTo(SAME_CHUNKS);
      remote.receive(shipped.bundle(), "arrived");
      assertThat(Digest.ofFile(dir.resolve("arrived/tagmanifest-sha256.txt"))).isEqualTo(second);
    }
  }

  private Path firstBundle() throws IOException {
    try (var bundles = Files.list(inbox)) {
      return bundles
          .filter(bundle -> bundle.getFileName().toString().startsWith("first-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void deleteChunks() throws IOException {
    try (var files = Files.list(firstBundle())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
  }
}
