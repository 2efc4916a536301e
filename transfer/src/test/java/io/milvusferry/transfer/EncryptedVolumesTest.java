package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ManifestReader;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.transfer.ReceiveResult.Damaged;
import io.milvusferry.transfer.ReceiveResult.Incomplete;
import io.milvusferry.transfer.ReceiveResult.Received;
import io.milvusferry.transfer.age.AgeKeys;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.age.Recipients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedVolumesTest {
  private static final AgeKeys ANNA = AgeKeys.of(1);
  private static final AgeKeys EVE = AgeKeys.of(3);
  private static final long SIZE = 240_000;

  @TempDir Path dir;

  private Transfers transfers;
  private Digest id;
  private String inbox;

  @BeforeEach
  void makeAnArchive() throws IOException {
    transfers = new Transfers(dir);
    transfers.recipients = Optional.of(Recipients.of(List.of(ANNA.recipient())));
    transfers.identities = Identities.read(ANNA.write(dir.resolve("identity")));
    id = SampleBag.write(dir.resolve("nightly"), 11, 100_000, 100_000, 100_000, 100_000, 90_000);
    inbox = "file:" + dir.resolve("inbox");
  }

  private List<Path> ship(Integer... again) {
    List<Path> volumes = shipTo(inbox, again);
    assertThat(volumes).hasSize(3);
    return volumes;
  }

  private List<Path> shipTo(String place, Integer... again) {
    ShipResult shipped = transfers.shipVolumes("nightly", place, SIZE, again);
    return shipped.volumes().stream()
        .map(volume -> Path.of(volume.place().substring("file:".length())))
        .toList();
  }

  private List<Path> secrets() throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve("state"))) {
      return files.filter(file -> file.toString().contains(".secret")).toList();
    }
  }

  private void assertArrived(ReceiveResult result, String to) throws IOException {
    assertThat(result).isInstanceOf(Received.class);
    assertThat(Digest.ofFile(dir.resolve(to).resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
  }

  @Test
  void eachIsOfItsSizeAndChecksWithoutAKeyAndTellsNoArchive() throws Exception {
    for (Path volume : ship()) {
      try (Stream<Path> files = Files.list(volume)) {
        assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThanOrEqualTo(SIZE);
      }
      assertThat(Files.readString(volume.resolve("volume.json")))
          .contains("\"requires\":[\"age\"]")
          .doesNotContain("archiveId");
      assertThat(Files.readString(volume.resolve("SHA256SUMS"))).contains("  bundle.json.age\n");
      Process check =
          new ProcessBuilder("sha256sum", "--strict", "-c", "SHA256SUMS")
              .directory(volume.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
    }
    assertThat(secrets()).isEmpty();
  }

  @Test
  void arriveInAnyOrderOneDiskAfterTheOther() throws IOException {
    List<Path> volumes = ship();
    assertThat(transfers.receiveVolumes("arrived", volumes.get(2))).isInstanceOf(Incomplete.class);
    assertThat(transfers.receiveVolumes("arrived", volumes.get(0))).isInstanceOf(Incomplete.class);
    assertArrived(transfers.receiveVolumes("arrived", volumes.get(1)), "arrived");
    assertArrived(transfers.receive(inbox, "atOnce"), "atOnce");
  }

  @Test
  void areNotMixedWithThoseOfAnEarlierShipmentOfTheSameArchive() throws IOException {
    List<Path> old = ship();
    List<Path> anew = shipTo("file:" + dir.resolve("anew"));
    assertThat(transfers.receiveVolumes("arrived", old.get(1))).isInstanceOf(Incomplete.class);

    for (Path volume : anew) {
      FerryException refusal = failure(volume);

      assertThat(refusal.code()).isEqualTo(ErrorCode.VOLUME_FOREIGN);
      assertThat(refusal)
          .hasMessageContaining(volume.toString())
          .hasMessageContaining(indexDigest(old.get(1)))
          .hasMessageContaining(indexDigest(volume));
      assertThat(refusal.hint()).contains("into a new directory");
    }
    assertThat(failure(old.get(0), anew.get(1)))
        .hasMessageContaining(indexDigest(old.get(0)))
        .hasMessageContaining(indexDigest(anew.get(1)));
    assertArrived(transfers.receiveVolumes("arrived", old.get(0), old.get(2)), "arrived");
    assertArrived(transfers.receive("file:" + dir.resolve("anew"), "anewArrived"), "anewArrived");
  }

  private static String indexDigest(Path volume) throws IOException {
    return Digest.ofFile(volume.resolve("bundle.json")).hex();
  }

  @Test
  void areNotMixedWithThoseThatAreNotEncrypted() throws IOException {
    List<Path> encrypted = ship();
    transfers.recipients = Optional.empty();
    Identities keys = transfers.identities;
    transfers.identities = Identities.NONE;
    List<Path> open = shipTo("file:" + dir.resolve("open"));
    assertThat(transfers.receiveVolumes("arrived", open.get(0))).isInstanceOf(Incomplete.class);

    transfers.identities = keys;
    assertThat(failure(encrypted.get(1)).code()).isEqualTo(ErrorCode.VOLUME_FOREIGN);

    transfers.identities = Identities.NONE;
    assertArrived(transfers.receive("file:" + dir.resolve("open"), "arrived"), "arrived");
  }

  @Test
  void areNotValidWithoutTheEncryptedIndex() throws IOException {
    List<Path> volumes = ship();
    Files.delete(volumes.get(1).resolve("bundle.json.age"));

    FerryException refusal = failure(volumes.get(1));

    assertThat(refusal.code()).isEqualTo(ErrorCode.BUNDLE_INVALID);
    assertThat(refusal)
        .hasMessageContaining(volumes.get(1).toString())
        .hasMessageContaining("bundle.json.age");
    assertThat(refusal.hint()).contains("from another volume");
  }

  @Test
  void sayThatADamagedChunkIsOfOneOfThem() throws IOException {
    List<Path> volumes = ship();
    Path chunk = volumes.get(1).resolve("chunk-00002");
    byte[] content = Files.readAllBytes(chunk);
    content[content.length / 2] ^= 1;
    Files.write(chunk, content);

    Damaged damaged = (Damaged) transfers.receive(inbox, "arrived");

    assertThat(damaged.encryptedVolumes()).isTrue();
    assertThat(damaged.places()).isEqualTo("file:" + volumes.get(1));
    assertThat(damaged.bundle()).contains("volume-001").contains("volume-003");
  }

  @Test
  void openWithTheRightKeyOnly() throws IOException {
    List<Path> volumes = ship();
    transfers.identities = Identities.NONE;
    assertThat(failure(volumes.get(1)).code()).isEqualTo(ErrorCode.BUNDLE_ENCRYPTED);
    transfers.identities = Identities.read(EVE.write(dir.resolve("identity")));
    assertThat(failure(volumes.get(1)).code()).isEqualTo(ErrorCode.IDENTITY_FOREIGN);
    assertThat(dir.resolve("arrived")).doesNotExist();
  }

  private FerryException failure(Path... places) {
    return catchThrowableOfType(
        FerryException.class, () -> transfers.receiveVolumes("arrived", places));
  }

  @Test
  void nothingIsWrittenTwiceWhetherTheyAreThereOrNot() throws IOException {
    List<Path> volumes = ship();
    byte[] sums = Files.readAllBytes(volumes.get(1).resolve("SHA256SUMS"));
    Path away = Files.move(volumes.get(0), dir.resolve("away"));

    ShipResult again = transfers.shipVolumes("nightly", inbox, SIZE);

    assertThat(again.nothingToDo()).isTrue();
    assertThat(volumes.get(0)).doesNotExist();
    assertThat(volumes.get(1).resolve("SHA256SUMS")).hasBinaryContent(sums);
    assertThat(secrets()).isEmpty();
    assertArrived(
        transfers.receiveVolumes("arrived", volumes.get(2), away, volumes.get(1)), "arrived");
  }

  @Test
  void areContinuedWithTheSameSecretWhenOneCouldNotBeWritten() throws IOException {
    String name =
        "nightly-" + ManifestReader.read(dir.resolve("nightly/manifest.json")).creationId();
    Path bundle = Files.createDirectories(dir.resolve("inbox").resolve(name));
    Files.writeString(bundle.resolve("volume-002"), "in the way");
    assertThat(
            catchThrowableOfType(
                FerryException.class, () -> transfers.shipVolumes("nightly", inbox, SIZE)))
        .isNotNull();
    Path first = bundle.resolve("volume-001/SHA256SUMS");
    byte[] before = Files.readAllBytes(first);
    assertThat(secrets()).hasSize(1);
    Files.delete(bundle.resolve("volume-002"));

    ship();

    assertThat(first).hasBinaryContent(before);
    assertThat(secrets()).isEmpty();
    assertArrived(transfers.receive(inbox, "arrived"), "arrived");
  }

  @Test
  void areWrittenWhereAWholeBundleWasShippedBefore() throws IOException {
    transfers.ship("nightly", inbox);
    try (Stream<Path> files = Files.walk(dir.resolve("inbox"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    ship();
    assertArrived(transfers.receive(inbox, "arrived"), "arrived");
  }

  @Test
  void noneIsWrittenAgainOnceTheSecretIsForgotten() {
    ship();
    FerryException refusal = catchThrowableOfType(FerryException.class, () -> ship(0));
    assertThat(refusal.code()).isEqualTo(ErrorCode.DESTINATION_TAKEN);
    assertThat(refusal).hasMessageContaining("forgets the secret");
  }
}
