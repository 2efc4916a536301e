package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.AllowedSigners;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.testkit.OpenSshKey;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.transfer.ReceiveResult.Damaged;
import io.milvusferry.transfer.ReceiveResult.Received;
import io.milvusferry.transfer.age.AgeEncryption;
import io.milvusferry.transfer.age.AgeKeys;
import io.milvusferry.transfer.age.AgeSecret;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.age.Recipients;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedBundleTest {
  private static final AgeKeys ANNA = AgeKeys.of(1);
  private static final AgeKeys BERT = AgeKeys.of(2);
  private static final AgeKeys EVE = AgeKeys.of(3);

  @TempDir Path dir;

  private Transfers transfers;
  private Digest id;
  private String inbox;
  private Path bundle;

  @BeforeEach
  void ship() throws IOException {
    id = SampleBag.write(dir.resolve("nightly"), 3, 300_000, 2_300_000, 250_000);
    inbox = "file:" + dir.resolve("inbox");
    transfers = new Transfers(dir);
    transfers.recipients = recipients(ANNA, BERT);
    transfers.identities = identities(BERT);
    transfers.ship("nightly", inbox);
    try (Stream<Path> bundles = Files.list(dir.resolve("inbox"))) {
      bundle = bundles.findFirst().orElseThrow();
    }
  }

  private static Optional<Recipients> recipients(AgeKeys... keys) {
    return Optional.of(Recipients.of(Stream.of(keys).map(AgeKeys::recipient).toList()));
  }

  private Identities identities(AgeKeys keys) throws IOException {
    return Identities.read(keys.write(dir.resolve("identity")));
  }

  private void assertArrives(String to) throws IOException {
    assertThat(transfers.receive(inbox, to)).isInstanceOf(Received.class);
    assertThat(Digest.ofFile(dir.resolve(to).resolve("tagmanifest-sha256.txt"))).isEqualTo(id);
    try (Stream<Path> left = Files.list(dir.resolve(to))) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .noneMatch(name -> name.startsWith("ferry."));
    }
  }

  private void assertRefused(ErrorCode code, String words) {
    FerryException refusal =
        catchThrowableOfType(FerryException.class, () -> transfers.receive(inbox, "refused"));
    assertThat(refusal).hasMessageContaining(words);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.hint()).isNotBlank();
    assertThat(dir.resolve("refused")).doesNotExist();
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(bundle)) {
      return new TreeSet<>(files.map(file -> String.valueOf(file.getFileName())).toList());
    }
  }

  private List<Path> secrets() throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve("state"))) {
      return files.filter(file -> file.toString().contains(".secret")).toList();
    }
  }

  private BundleIndex inner() throws IOException {
    try (InputStream in =
        identities(BERT).open(Files.newInputStream(bundle.resolve(EncryptedIndex.FILE)))) {
      return BundleIndexFile.fromBytes(in.readAllBytes());
    }
  }

  /** What anybody can do who may write there: encrypt for a recipient that everybody knows. */
  private void replaceIndex(BundleIndex inner, BundleIndex outside) throws IOException {
    byte[] encrypted =
        new AgeEncryption(
                AgeSecret.random(new SecureRandom()),
                Recipients.of(List.of(ANNA.recipient(), BERT.recipient())))
            .encrypt(BundleIndexFile.toBytes(inner), "forged");
    Files.write(bundle.resolve(EncryptedIndex.FILE), encrypted);
    Files.write(
        bundle.resolve(BundleIndex.FILE),
        BundleIndexFile.toBytes(EncryptedIndex.of(outside, encrypted)));
  }

  private static BundleIndex with(BundleIndex index, ChunkEntry chunk) {
    List<ChunkEntry> chunks = new ArrayList<>(index.chunks());
    chunks.set(chunk.index(), chunk);
    return new BundleIndex(1, index.archiveId(), index.creationId(), chunks);
  }

  @Nested
  class Shipped {
    @Test
    void arrivesForEachOfItsRecipients() throws IOException {
      assertArrives("forBert");
      transfers.identities = identities(ANNA);
      assertArrives("forAnna");
      assertThat(transfers.receive(inbox, "forAnna"))
          .isInstanceOfSatisfying(Received.class, it -> assertThat(it.alreadyThere()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "zstd"})
    void arrivesWhateverTheCodec(String codec) throws IOException {
      transfers.codec = codec;
      for (int i = 0; i < inner().chunks().size(); i++) {
        transfers.ship("nightly", inbox, i);
      }
      assertThat(inner().chunks()).allSatisfy(it -> assertThat(it.codec()).isEqualTo(codec));
      assertArrives("arrived");
    }

    @Test
    void tellsNobodyElseWhatItIsMadeOf() throws IOException {
      String outside = Files.readString(bundle.resolve("bundle.json"));
      assertThat(outside)
          .contains("\"age\"")
          .contains("wireDigest")
          .doesNotContain("raw")
          .doesNotContain("codec")
          .doesNotContain("archiveId")
          .doesNotContain(id.hex());
      for (ChunkEntry chunk : inner().chunks()) {
        assertThat(outside)
            .contains(chunk.wireDigest().hex())
            .doesNotContain(chunk.rawDigest().hex());
        assertThat(Digest.ofFile(bundle.resolve(chunk.fileName()))).isEqualTo(chunk.wireDigest());
      }
      for (String file : files()) {
        assertThat(Files.readString(bundle.resolve(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("PAR1")
            .doesNotContain("manifest");
      }
    }

    @Test
    void leavesNoSecretBehindAndFindsNothingToDo() throws IOException {
      assertThat(secrets()).isEmpty();
      byte[] outside = Files.readAllBytes(bundle.resolve("bundle.json"));
      byte[] index = Files.readAllBytes(bundle.resolve("bundle.json.age"));

      assertThat(transfers.ship("nightly", inbox).nothingToDo()).isTrue();

      assertThat(bundle.resolve("bundle.json")).hasBinaryContent(outside);
      assertThat(bundle.resolve("bundle.json.age")).hasBinaryContent(index);
      assertThat(secrets()).isEmpty();
    }

    @Test
    void sendsASingleChunkAgainUnderAnotherKeyAndKeepsTheOthers() throws IOException {
      byte[] before = Files.readAllBytes(bundle.resolve("chunk-00001"));
      byte[] damaged = before.clone();
      damaged[damaged.length / 2] ^= 1;
      Files.write(bundle.resolve("chunk-00001"), damaged);
      Damaged found = (Damaged) transfers.receive(inbox, "arrived");
      assertThat(found.again()).isEqualTo("1");

      assertThat(transfers.ship("nightly", inbox, 1).chunksSent()).isEqualTo(1);

      assertThat(Files.readAllBytes(bundle.resolve("chunk-00001")))
          .hasSameSizeAs(before)
          .isNotEqualTo(before);
      assertThat(secrets()).isEmpty();
      assertArrives("arrived");
    }

    @Test
    void isShippedAgainWithoutItsEncryptedIndex() throws IOException {
      Files.delete(bundle.resolve(EncryptedIndex.FILE));

      transfers.ship("nightly", inbox);

      assertArrives("arrived");
    }

    @Test
    void isReadBackAsWhatTravelled() throws IOException {
      transfers.readBack = 1;
      ShipResult again = transfers.ship("nightly", inbox, 0);
      assertThat(again.chunksReadBack()).isEqualTo(again.chunks().size());
      assertThat(again.encrypted()).isTrue();
      assertArrives("arrived");
    }

    @Test
    void isSignedAfterwardsWithoutBeingSentAgain() throws IOException {
      OpenSshKey key = OpenSshKey.write(dir.resolve("key"), 1);
      transfers.signer = Optional.of(key.key());
      // The archive gets a signature too, which travels in its last chunk.
      assertThat(transfers.ship("nightly", inbox).chunksSent()).isEqualTo(1);
      byte[] signature = Files.readAllBytes(bundle.resolve("bundle.json.sig"));
      assertThat(transfers.ship("nightly", inbox).nothingToDo()).isTrue();
      assertThat(bundle.resolve("bundle.json.sig")).hasBinaryContent(signature);
      Path trusted = Files.writeString(dir.resolve("signers"), "ops " + key.publicKey() + "\n");
      transfers.origin = OriginCheck.by(AllowedSigners.read(trusted), InstantSource.system());
      assertArrives("arrived");

      replaceIndex(inner(), inner());
      assertRefused(ErrorCode.SIGNATURE_INVALID, "bundle");
    }
  }

  @Nested
  class WithTheWrongKey {
    @Test
    void saysThatItIsEncryptedBeforeAnythingIsFetched() {
      transfers.identities = Identities.NONE;
      assertRefused(ErrorCode.BUNDLE_ENCRYPTED, "is encrypted");
    }

    @Test
    void saysThatItIsEncryptedForOthersBeforeAnythingIsFetched() throws IOException {
      transfers.identities = identities(EVE);
      assertRefused(ErrorCode.IDENTITY_FOREIGN, "does not open it");
    }

    @Test
    void refusesABundleThatIsNotEncryptedWhereAKeyIsGiven() {
      inbox = "file:" + dir.resolve("other");
      transfers.recipients = Optional.empty();
      transfers.ship("nightly", inbox);
      assertRefused(ErrorCode.BUNDLE_NOT_ENCRYPTED, "is not encrypted");
    }
  }

  @Nested
  class ShippedForOthers {
    @Test
    void isSentAnewAndOpensForThemAlone() throws IOException {
      transfers.recipients = recipients(EVE);
      ShipResult again = transfers.ship("nightly", inbox);
      assertThat(again.chunksSent()).isEqualTo(again.chunks().size());
      assertRefused(ErrorCode.IDENTITY_FOREIGN, "does not open it");
      transfers.identities = identities(EVE);
      assertArrives("arrived");
    }

    @Test
    void isNotReplacedByOneThatEverybodyCanOpen() throws IOException {
      transfers.recipients = Optional.empty();
      assertThatThrownBy(() -> transfers.ship("nightly", inbox, 1))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DESTINATION_TAKEN));
      assertArrives("arrived");
    }

    @Test
    void isNotGoneOnWithByOneThatEverybodyCanOpen() throws IOException {
      Files.delete(bundle.resolve("bundle.json"));
      transfers.recipients = Optional.empty();
      assertThatThrownBy(() -> transfers.ship("nightly", inbox))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DESTINATION_TAKEN));
    }

    @Test
    void replacesAnOpenBundle() throws IOException {
      inbox = "file:" + dir.resolve("other");
      transfers.recipients = Optional.empty();
      transfers.ship("nightly", inbox);

      transfers.recipients = recipients(BERT);
      ShipResult closed = transfers.ship("nightly", inbox);
      assertThat(closed.chunksSent()).isEqualTo(closed.chunks().size());
      transfers.identities = identities(BERT);
      assertArrives("encrypted");
    }

    @Test
    void believesNoChunkOfWhichTheJournalDoesNotKnow() throws IOException {
      Files.move(dir.resolve("state"), dir.resolve("lost"));
      ShipResult again = transfers.ship("nightly", inbox);
      assertThat(again.chunksSent()).isEqualTo(again.chunks().size());
      assertArrives("arrived");
    }
  }

  @Nested
  class BesideABundleOfTheSameParts {
    private void assertSharesNothing(String archive, long creation) throws IOException {
      Digest other =
          SampleBag.writeAgain(dir.resolve(archive), creation, 3, 300_000, 2_300_000, 250_000, 9);
      ShipResult shipped = transfers.ship(archive, inbox);
      assertThat(shipped.chunksSent()).isEqualTo(shipped.chunks().size());
      assertThat(transfers.receive(shipped.bundle(), archive + "-arrived"))
          .isInstanceOf(Received.class);
      assertThat(Digest.ofFile(dir.resolve(archive + "-arrived/tagmanifest-sha256.txt")))
          .isEqualTo(other);
    }

    @Test
    void isEncryptedAnew() throws IOException {
      assertSharesNothing("second", 4);
    }

    @Test
    void sharesNothingWithOneThatIsNotEncrypted() throws IOException {
      transfers.recipients = Optional.empty();
      transfers.identities = Identities.NONE;
      assertSharesNothing("open", 4);
      transfers.recipients = recipients(BERT);
      transfers.identities = identities(BERT);
      assertSharesNothing("encrypted", 5);
    }
  }

  @Nested
  class Forged {
    @Test
    void isRefusedWhereItsIndexesDisagree() throws IOException {
      BundleIndex index = inner();
      ChunkEntry chunk = index.chunks().get(1);
      for (ChunkEntry other :
          List.of(
              new ChunkEntry(
                  1,
                  chunk.rawBytes(),
                  chunk.wireBytes() + 1,
                  chunk.rawDigest(),
                  chunk.wireDigest(),
                  chunk.codec()),
              new ChunkEntry(
                  1, chunk.rawBytes(), chunk.wireBytes(), chunk.rawDigest(), id, chunk.codec()))) {
        replaceIndex(index, with(index, other));
        assertRefused(ErrorCode.BUNDLE_INVALID, "do not list the same chunks");
      }
      BundleIndex shorter =
          new BundleIndex(1, index.archiveId(), index.creationId(), index.chunks().subList(0, 2));
      replaceIndex(index, shorter);
      assertRefused(ErrorCode.BUNDLE_INVALID, "do not list the same chunks");
    }

    @Test
    void isRefusedWhereTheEncryptedIndexIsNotTheOneOutside() throws IOException {
      Path file = bundle.resolve("bundle.json.age");
      byte[] good = Files.readAllBytes(file);
      for (int at = 0; at < good.length; at += 37) {
        byte[] bad = good.clone();
        bad[at] ^= 4;
        Files.write(file, bad);
        assertRefused(ErrorCode.BUNDLE_INVALID, "has the digest");
      }
      Files.delete(file);
      assertRefused(ErrorCode.BUNDLE_INVALID, "no bundle.json.age");
    }

    @Test
    void hasABadChunkWhereItsCiphertextWasChanged() throws IOException {
      BundleIndex index = inner();
      Path file = bundle.resolve("chunk-00001");
      byte[] bad = Files.readAllBytes(file);
      bad[bad.length - 1] ^= 1;
      Files.write(file, bad);
      ChunkEntry chunk = index.chunks().get(1);
      BundleIndex forged =
          with(
              index,
              new ChunkEntry(
                  1,
                  chunk.rawBytes(),
                  chunk.wireBytes(),
                  chunk.rawDigest(),
                  Digest.ofContent(bad),
                  chunk.codec()));
      replaceIndex(forged, forged);
      Damaged damaged = (Damaged) transfers.receive(inbox, "arrived");
      assertThat(damaged.again()).isEqualTo("1");
      assertThat(damaged.damaged().get(0).problem()).contains("cannot be opened");
    }
  }
}
