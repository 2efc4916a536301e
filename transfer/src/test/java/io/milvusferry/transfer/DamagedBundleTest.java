package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCategory;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.transfer.ReceiveResult.Damaged;
import io.milvusferry.transfer.ReceiveResult.DamagedChunk;
import io.milvusferry.transfer.ReceiveResult.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedBundleTest {
  @TempDir Path dir;

  private Transfers transfers;
  private Path bundle;
  private String inbox;
  private int runs;

  @BeforeEach
  void ship() throws IOException {
    SampleBag.write(dir.resolve("nightly"), 4, 700, 300);
    transfers = new Transfers(dir);
    inbox = "file:" + dir.resolve("inbox");
    transfers.ship("nightly", inbox);
    try (Stream<Path> bundles = Files.list(dir.resolve("inbox"))) {
      bundle = bundles.findFirst().orElseThrow();
    }
  }

  /** Receives into a directory of its own, and returns the failure or what was damaged. */
  private Object receive() {
    runs++;
    try {
      return transfers.receive(inbox, "arrived-" + runs);
    } catch (FerryException e) {
      return e;
    } finally {
      restoreRejected();
    }
  }

  private void restoreRejected() {
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".rejected")).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertNotReceived(Object outcome, String what) {
    assertThat(outcome).as(what).isNotInstanceOf(Received.class);
    assertThat(dir.resolve("arrived-" + runs).resolve("tagmanifest-sha256.txt"))
        .as(what)
        .doesNotExist();
  }

  @Test
  void namesTheChunkWhateverBitIsWrong() throws IOException {
    for (int chunk = 0; chunk < 2; chunk++) {
      Path file = bundle.resolve("chunk-0000" + chunk);
      byte[] good = Files.readAllBytes(file);
      for (int bit = 0; bit < good.length * 8; bit += 101) {
        byte[] bad = good.clone();
        bad[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(file, bad);
        Object outcome = receive();
        assertNotReceived(outcome, "bit " + bit);
        assertThat(outcome).isInstanceOf(Damaged.class);
        assertThat(((Damaged) outcome).again()).isEqualTo(Integer.toString(chunk));
        Files.write(file, good);
      }
    }
  }

  @Test
  void namesTheChunkWhereverItIsCutOff() throws IOException {
    Path file = bundle.resolve("chunk-00001");
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length += 29) {
      Files.write(file, Arrays.copyOf(good, length));
      Object outcome = receive();
      assertNotReceived(outcome, "cut at " + length);
      assertThat(((Damaged) outcome).damaged().get(0).problem())
          .isEqualTo("it has %d bytes instead of %d".formatted(length, good.length));
      Files.write(file, good);
    }
  }

  @Test
  void neverBelievesAnIndexWithAWrongBit() throws IOException {
    Path file = bundle.resolve("bundle.json");
    byte[] good = Files.readAllBytes(file);
    Digest id = Digest.ofFile(dir.resolve("nightly/tagmanifest-sha256.txt"));
    for (int bit = 0; bit < good.length * 8; bit += 61) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, bad);
      Object outcome = receive();
      if (outcome instanceof Received received) {
        // A bit that means nothing, such as in the name of a key that is optional.
        assertThat(received.archiveId()).isEqualTo(id);
        assertThat(Digest.ofFile(received.archive().resolve("tagmanifest-sha256.txt")))
            .isEqualTo(id);
      } else if (outcome instanceof FerryException e) {
        assertThat(e.code().category())
            .as("bit %d: %s", bit, e)
            .isIn(ErrorCategory.INTEGRITY, ErrorCategory.INCOMPATIBLE);
        assertNotReceived(outcome, "bit " + bit);
      }
      transfersAgain();
      Files.write(file, good);
    }
  }

  /** Puts back what a receiver renamed. */
  private void transfersAgain() throws IOException {
    for (int chunk = 0; chunk < 3; chunk++) {
      if (!Files.exists(bundle.resolve("chunk-0000" + chunk))) {
        Files.delete(bundle.resolve("bundle.json"));
        transfers.ship("nightly", inbox);
        return;
      }
    }
  }

  @Test
  void namesEveryBadChunkAndResumesWhenTheyAreSentAgain() throws IOException {
    Files.write(bundle.resolve("chunk-00000"), new byte[] {1});
    Files.delete(bundle.resolve("chunk-00002"));

    Damaged damaged = (Damaged) transfers.receive(inbox, "arrived");

    assertThat(damaged.damaged()).extracting(DamagedChunk::index).containsExactly(0, 2);
    assertThat(damaged.again()).isEqualTo("0,2");
    assertThat(bundle.resolve("chunk-00000.rejected")).exists();
    ShipResult again = transfers.ship("nightly", inbox, 0, 2);
    assertThat(again.chunksSent()).isEqualTo(2);
    assertThat(transfers.receive(inbox, "arrived")).isInstanceOf(Received.class);
  }

  @Test
  void saysThatABundleWithoutItsIndexIsNotCompleteYet() throws IOException {
    Files.delete(bundle.resolve("bundle.json"));
    Object outcome = receive();
    assertThat(((FerryException) outcome).code()).isEqualTo(ErrorCode.BUNDLE_INCOMPLETE);
    assertThat(((FerryException) outcome).code().retryable()).isTrue();
  }

  @Test
  void doesNotTouchADirectoryWithSomethingElseInIt() throws IOException {
    Files.createDirectories(dir.resolve("mine"));
    Files.writeString(dir.resolve("mine/thesis.txt"), "years of work");
    FerryException e =
        Assertions.catchThrowableOfType(
            FerryException.class, () -> transfers.receive(inbox, "mine"));
    assertThat(e.code()).isEqualTo(ErrorCode.RECEIVE_DIRECTORY_IN_USE);
    assertThat(e).hasMessageContaining("thesis.txt");
    try (Stream<Path> left = Files.list(dir.resolve("mine"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void refusesToShipAPartThatHasChanged() throws IOException {
    Path part = dir.resolve("nightly/data/0001-sample/p0000/part-00001.parquet");
    byte[] content = Files.readAllBytes(part);
    content[17] ^= 4;
    Files.write(part, content);
    FerryException e =
        Assertions.catchThrowableOfType(
            FerryException.class, () -> transfers.ship("nightly", "file:" + dir.resolve("other")));
    assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_DAMAGED);
    assertThat(e).hasMessageContaining("part-00001.parquet");
    try (Stream<Path> files = Files.walk(dir.resolve("other"))) {
      assertThat(files).noneMatch(path -> path.endsWith("bundle.json"));
    }
  }

  @Test
  void makesTheSameChunksEveryTime() throws IOException {
    transfers.ship("nightly", "file:" + dir.resolve("other"));
    for (String name : new String[] {"chunk-00000", "chunk-00001", "chunk-00002", "bundle.json"}) {
      assertThat(dir.resolve("other").resolve(bundle.getFileName()).resolve(name))
          .hasSameBinaryContentAs(bundle.resolve(name));
    }
  }
}
