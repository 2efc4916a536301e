package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.transfer.ReceiveResult.Damaged;
import io.milvusferry.transfer.ReceiveResult.DamagedChunk;
import io.milvusferry.transfer.ReceiveResult.Incomplete;
import io.milvusferry.transfer.ReceiveResult.MissingVolume;
import io.milvusferry.transfer.ReceiveResult.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumesTest {
  private static final long SEED = 11;
  private static final long SIZE = 150_000;

  @TempDir Path dir;

  private Transfers transfers;
  private Digest id;
  private String inbox;

  @BeforeEach
  void makeAnArchive() throws IOException {
    transfers = new Transfers(dir);
    id =
        SampleBag.write(
            dir.resolve("nightly"), SEED, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000);
    inbox = "file:" + dir.resolve("inbox");
  }

  private List<Path> ship() {
    ShipResult shipped = transfers.shipVolumes("nightly", inbox, SIZE);
    assertThat(shipped.volumes()).hasSize(3);
    return shipped.volumes().stream()
        .map(volume -> Path.of(volume.place().substring("file:".length())))
        .toList();
  }

  private void assertArrived(ReceiveResult result, String to) throws IOException {
    assertThat(result).isInstanceOf(Received.class);
    assertThat(Digest.ofFile(dir.resolve(to).resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
    try (Stream<Path> left = Files.list(dir.resolve(to))) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .noneMatch(name -> name.startsWith("ferry."));
    }
  }

  private FerryException failure(String to, Path... places) {
    FerryException e =
        Assertions.catchThrowableOfType(
            FerryException.class, () -> transfers.receiveVolumes(to, places));
    assertThat(e).isNotNull();
    return e;
  }

  private static long bytes(Path volume) throws IOException {
    try (Stream<Path> files = Files.list(volume)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void flip(Path file, int bit) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[bit / 8] ^= (byte) (1 << (bit % 8));
    Files.write(file, content);
  }

  /** Takes a disk away. */
  private Path away(Path volume) throws IOException {
    Path shelf = Files.createDirectories(dir.resolve("shelf"));
    return Files.move(volume, shelf.resolve(volume.getFileName()));
  }

  @Nested
  class Shipped {
    @Test
    void noVolumeIsLargerThanItMayBeAndEachKnowsWhatItIs() throws Exception {
      List<Path> volumes = ship();

      for (int i = 0; i < volumes.size(); i++) {
        assertThat(bytes(volumes.get(i))).isLessThanOrEqualTo(SIZE);
        assertThat(Files.readString(volumes.get(i).resolve("volume.json")))
            .contains(id.hex())
            .contains("\"volume\":%d,\"volumes\":3".formatted(i + 1));
        Process check =
            new ProcessBuilder("sha256sum", "--strict", "-c", "SHA256SUMS")
                .directory(volumes.get(i).toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        try (Stream<Path> files = Files.list(volumes.get(i))) {
          assertThat(said.lines()).hasSize((int) files.count() - 1);
        }
      }
    }

    @Test
    void aSizeThatTheLargestChunkMayNotFitIntoIsRefusedBeforeAnythingIsWritten() {
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> transfers.shipVolumes("nightly", inbox, 50_000));
      assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_TOO_SMALL);
      assertThat(e).hasMessageContaining("50000 bytes").hasMessageContaining("60928 bytes");
      String enough = e.hint().replaceAll("\\D+", "");
      assertThat(dir.resolve("inbox")).doesNotExist();
      assertThat(transfers.shipVolumes("nightly", inbox, Long.parseLong(enough)).volumes())
          .isNotEmpty();
    }

    @Test
    void nothingIsKnownOfAPartThatWasDamagedWhenItIsWholeAgain() throws IOException {
      Path part = dir.resolve("nightly/data/0001-sample/p0000/part-00002.parquet");
      flip(part, 4711);
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> transfers.shipVolumes("nightly", inbox, SIZE));
      assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_DAMAGED);
      assertThat(e).hasMessageContaining("part-00002.parquet");
      flip(part, 4711);
      ship();
      assertArrived(transfers.receive(inbox, "arrived"), "arrived");
    }

    @Test
    void aVolumeOfAnotherSizeIsNotMixedWithThese() throws IOException {
      ship();
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> transfers.shipVolumes("nightly", inbox, 2 * SIZE));
      assertThat(e.code()).isEqualTo(ErrorCode.DESTINATION_TAKEN);
      assertThat(e).hasMessageContaining("volume 1 of 3").hasMessageContaining("volume 1 of 1");
      assertArrived(transfers.receive(inbox, "arrived"), "arrived");
    }

    @Test
    void aDamagedLabelIsWrittenAgain() throws IOException {
      List<Path> volumes = ship();
      Files.writeString(volumes.get(1).resolve("volume.json"), "{");
      ship();
      assertArrived(transfers.receive(inbox, "arrived"), "arrived");
    }

    @Test
    void volumesAreForDisksOnly() {
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class,
              () -> transfers.shipVolumes("nightly", "sftp://ferry@127.0.0.1/inbox", SIZE));
      assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
    }

    @Test
    void aSecondRunFindsNothingToDo() {
      ship();
      assertThat(transfers.shipVolumes("nightly", inbox, SIZE).nothingToDo()).isTrue();
    }

    @Test
    void aWholeVolumeMayBeTakenAwayAndIsNotWrittenAgain() throws IOException {
      List<Path> volumes = ship();
      Path first = away(volumes.get(0));
      Files.delete(volumes.get(1).resolve("chunk-00002"));

      ShipResult shipped = transfers.shipVolumes("nightly", inbox, SIZE);

      assertThat(shipped.volumes())
          .extracting(ShippedVolume::here)
          .containsExactly(false, true, true);
      assertThat(shipped.chunksSent()).isEqualTo(1);
      assertThat(volumes.get(0)).doesNotExist();
      assertArrived(
          transfers.receiveVolumes("arrived", first, volumes.get(1), volumes.get(2)), "arrived");
    }

    @Test
    void aVolumeThatWasLostIsWrittenAgainWhenOneOfItsChunksIsAskedFor() throws IOException {
      List<Path> volumes = ship();
      Path first = away(volumes.get(0));

      ShipResult shipped = transfers.shipVolumes("nightly", inbox, SIZE, 1);

      assertThat(shipped.chunksSent()).isEqualTo(2);
      assertThat(volumes.get(0).resolve("SHA256SUMS"))
          .hasSameBinaryContentAs(first.resolve("SHA256SUMS"));
      assertArrived(transfers.receive(inbox, "arrived"), "arrived");
    }
  }

  @Nested
  class OnTheOtherSide {
    @Test
    void volumesMayComeInAnyOrderAndOneByOne() throws IOException {
      List<Path> volumes = new ArrayList<>(ship());
      Random random = new Random(SEED);
      for (int run = 0; run < 6; run++) {
        Collections.shuffle(volumes, random);
        String to = "arrived-" + run;
        ReceiveResult first = transfers.receiveVolumes(to, volumes.get(0));
        assertThat(((Incomplete) first).missing()).hasSize(2);
        ReceiveResult second = transfers.receiveVolumes(to, volumes.get(1));
        assertThat(((Incomplete) second).missing())
            .extracting(MissingVolume::number)
            .containsExactly(number(volumes.get(2)));
        assertThat(dir.resolve(to).resolve("tagmanifest-sha256.txt")).doesNotExist();

        assertArrived(transfers.receiveVolumes(to, volumes.get(2)), to);
      }
    }

    @Test
    void aDirectoryMayHoldThemAllOrSome() throws IOException {
      List<Path> volumes = ship();
      assertArrived(transfers.receive(inbox, "a"), "a");
      Path second = away(volumes.get(1));
      Incomplete result = (Incomplete) transfers.receive(inbox, "b");
      assertThat(result.missing()).containsExactly(new MissingVolume(2, List.of(2, 3)));
      assertThat(result.volumes()).isEqualTo(3);
      Path renamed = Files.move(second, dir.resolve("holiday-photos"));
      assertArrived(transfers.receiveVolumes("b", renamed), "b");
    }

    @Test
    void aChunkThatWasKeptIsNotReadFromItsDiskAgain() throws IOException {
      List<Path> volumes = ship();
      transfers.receiveVolumes("arrived", volumes.get(1), volumes.get(2));
      flip(volumes.get(1).resolve("chunk-00002"), 4711);

      Received result =
          (Received)
              transfers.receiveVolumes("arrived", volumes.get(0), volumes.get(1), volumes.get(2));

      assertThat(result.bytesFetched())
          .isEqualTo(
              Files.size(volumes.get(0).resolve("chunk-00000"))
                  + Files.size(volumes.get(0).resolve("chunk-00001")));
      assertArrived(result, "arrived");
    }

    @Test
    void aChunkThatWasKeptIsNeverBelieved() throws IOException {
      List<Path> volumes = ship();
      transfers.receiveVolumes("arrived", volumes.get(2));
      Path kept = dir.resolve("arrived/ferry.spool/chunk-00005");
      flip(kept, 4711);

      Incomplete result =
          (Incomplete) transfers.receiveVolumes("arrived", volumes.get(0), volumes.get(1));

      assertThat(result.missing()).containsExactly(new MissingVolume(3, List.of(5)));
      assertArrived(transfers.receiveVolumes("arrived", volumes.get(2)), "arrived");
    }

    @Test
    void aWrongBitNamesTheVolumeAndTheChunkAndTheRestIsKept() throws IOException {
      List<Path> volumes = ship();
      flip(volumes.get(1).resolve("chunk-00002"), 4711);

      Damaged result = (Damaged) transfers.receiveVolumes("arrived", volumes.get(1));

      assertThat(result.damaged()).extracting(DamagedChunk::index).containsExactly(2);
      assertThat(result.damaged().get(0).problem())
          .contains("volume 2 of 3")
          .contains(volumes.get(1).toString());
      Incomplete rest =
          (Incomplete) transfers.receiveVolumes("arrived", volumes.get(0), volumes.get(2));
      assertThat(rest.missing()).containsExactly(new MissingVolume(2, List.of(2)));
      transfers.shipVolumes("nightly", inbox, SIZE, 2);
      assertArrived(transfers.receiveVolumes("arrived", volumes.get(1)), "arrived");
    }

    @Test
    void aWrongBitInWhatDescribesAVolumeIsNeverBelieved() throws IOException {
      List<Path> volumes = ship();
      for (String name : List.of("volume.json", "bundle.json")) {
        Path file = volumes.get(1).resolve(name);
        byte[] good = Files.readAllBytes(file);
        for (int bit = 0; bit < good.length * 8; bit += 37) {
          flip(file, bit);
          String to = name + bit;
          try {
            ReceiveResult result =
                transfers.receiveVolumes(to, volumes.get(0), volumes.get(1), volumes.get(2));
            assertArrived(result, to); // a bit that means nothing
          } catch (FerryException e) {
            assertThat(e.code())
                .as("%s bit %d: %s", name, bit, e)
                .isIn(
                    ErrorCode.BUNDLE_INVALID,
                    ErrorCode.BUNDLE_TOO_NEW,
                    ErrorCode.BUNDLE_REQUIRES,
                    ErrorCode.VOLUME_FOREIGN);
            assertThat(e).hasMessageContaining(volumes.get(1).toString());
            assertThat(dir.resolve(to)).doesNotExist();
          }
          Files.write(file, good);
        }
      }
    }

    @Test
    void aVolumeOfAnotherBundleIsRefusedBesideTheOthersAndAfterThem() throws IOException {
      List<Path> volumes = ship();
      Digest otherId = SampleBag.write(dir.resolve("other"), SEED + 1, 60_000, 60_000, 60_000);
      Path other =
          Path.of(
              transfers
                  .shipVolumes("other", "file:" + dir.resolve("box"), SIZE)
                  .volumes()
                  .get(1)
                  .place()
                  .substring("file:".length()));

      FerryException beside = failure("arrived", volumes.get(0), other);
      assertThat(beside.code()).isEqualTo(ErrorCode.VOLUME_FOREIGN);
      assertThat(beside).hasMessageContaining(other.toString()).hasMessageContaining(otherId.hex());
      transfers.receiveVolumes("arrived", volumes.get(0));
      FerryException after = failure("arrived", other);
      assertThat(after.code()).isEqualTo(ErrorCode.VOLUME_FOREIGN);
      assertThat(after).hasMessageContaining(other.toString()).hasMessageContaining(id.hex());
      assertArrived(transfers.receiveVolumes("arrived", volumes.get(1), volumes.get(2)), "arrived");
    }

    @Test
    void aVolumeOfTheSameBundleThatWasSplitOtherwiseIsRefusedAfterTheOthers() throws IOException {
      List<Path> volumes = ship();
      String box = "file:" + dir.resolve("box");
      transfers.shipVolumes("nightly", box, 2 * SIZE);
      transfers.receiveVolumes("arrived", volumes.get(1));

      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> transfers.receive(box, "arrived"));

      assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FOREIGN);
      assertThat(e).hasMessageContaining("split otherwise, into 3 volumes");
      assertArrived(transfers.receiveVolumes("arrived", volumes.get(0), volumes.get(2)), "arrived");
    }

    @Test
    void whatVolumesBeganAWholeBundleOfTheSameArchiveMayComplete() throws IOException {
      List<Path> volumes = ship();
      transfers.ship("nightly", "file:" + dir.resolve("whole"));
      transfers.receiveVolumes("arrived", volumes.get(1));

      assertArrived(transfers.receive("file:" + dir.resolve("whole"), "arrived"), "arrived");
    }

    @Test
    void onlyVolumesThatHoldDamagedChunksAreNamed() throws IOException {
      List<Path> volumes = ship();
      flip(volumes.get(1).resolve("chunk-00002"), 4711);

      Damaged result = (Damaged) transfers.receive(inbox, "arrived");

      assertThat(result.places()).isEqualTo("file:" + volumes.get(1));
      assertThat(result.encryptedVolumes()).isFalse();
    }

    @Test
    void aVolumeThatIsStillBeingWrittenIsNotCompleteYet() throws IOException {
      List<Path> volumes = ship();
      for (String last : List.of("SHA256SUMS", "bundle.json", "chunk-00003", "chunk-00002")) {
        Files.delete(volumes.get(1).resolve(last));
        FerryException e = failure("arrived", volumes.get(1));
        assertThat(e.code()).isEqualTo(ErrorCode.BUNDLE_INCOMPLETE);
        assertThat(e).hasMessageContaining(volumes.get(1).toString());
        assertThat(dir.resolve("arrived")).doesNotExist();
      }
    }

    @Test
    void aWholeBundleBesideVolumesOfAnotherLeavesOpenWhichIsMeant() throws IOException {
      ship();
      SampleBag.write(dir.resolve("other"), SEED + 1, 60_000);
      transfers.ship("other", inbox);
      FerryException e =
          Assertions.catchThrowableOfType(
              FerryException.class, () -> transfers.receive(inbox, "arrived"));
      assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
    }

    @Test
    void aPlaceWithoutAVolumeIsNamed() throws IOException {
      List<Path> volumes = ship();
      Path empty = Files.createDirectories(dir.resolve("empty"));
      FerryException e = failure("arrived", volumes.get(0), empty);
      assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
      assertThat(e).hasMessageContaining(empty.toString());
    }

    private int number(Path volume) {
      String name = String.valueOf(volume.getFileName());
      return Integer.parseInt(name.substring(name.length() - 3));
    }
  }
}
