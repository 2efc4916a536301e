package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.signature.AllowedSigners;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.testkit.OpenSshKey;
import io.milvusferry.testkit.SampleBag;
import io.milvusferry.transfer.ReceiveResult.Received;
import io.milvusferry.verify.SealSignature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.schmizz.sshj.common.Buffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedBundleTest {
  private static final String SEAL = "tagmanifest-sha256.txt";

  @TempDir Path dir;

  private Transfers transfers;
  private ArchiveLayout archive;
  private String inbox;

  @BeforeEach
  void exportSomething() throws IOException {
    SampleBag.write(dir.resolve("nightly"), 3, 300_000, 40_000, 250_000);
    archive = new ArchiveLayout(dir.resolve("nightly"));
    inbox = "file:" + dir.resolve("inbox");
    transfers = new Transfers(dir);
    trust(key(1).publicKey());
  }

  private OpenSshKey key(long seed) throws IOException {
    return OpenSshKey.write(dir.resolve("key" + seed), seed);
  }

  private SigningKey signer(long seed) throws IOException {
    return key(seed).key();
  }

  private void trust(String publicKey) throws IOException {
    Path file = Files.writeString(dir.resolve("signers"), "ops@eu " + publicKey + "\n");
    transfers.origin = OriginCheck.by(AllowedSigners.read(file), InstantSource.system());
  }

  private Path ship() throws IOException {
    transfers.ship("nightly", inbox);
    try (Stream<Path> bundles = Files.list(dir.resolve("inbox"))) {
      return bundles.findFirst().orElseThrow();
    }
  }

  private Origin received(String to) {
    ReceiveResult result = transfers.receive(inbox, to);
    assertThat(result).isInstanceOf(Received.class);
    return ((Received) result).origin();
  }

  private void assertRefused(ErrorCode code, String words, String to) {
    FerryException refusal =
        catchThrowableOfType(FerryException.class, () -> transfers.receive(inbox, to));
    assertThat(refusal).hasMessageContaining(words);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.hint()).isNotBlank();
    assertThat(dir.resolve(to).resolve(SEAL)).doesNotExist();
  }

  @Test
  void provesWhoShippedIt() throws IOException {
    transfers.signer = Optional.of(signer(1));
    Path bundle = ship();

    assertThat(bundle.resolve("bundle.json.sig")).exists();
    assertThat(received("arrived")).isEqualTo(new Origin.Proven("ops@eu", signer(1).fingerprint()));
    assertThat(dir.resolve("arrived").resolve(SEAL + ".sig"))
        .hasSameBinaryContentAs(archive.signature());
    assertThat(received("arrived")).isInstanceOf(Origin.Proven.class);
    assertThat(transfers.ship("nightly", inbox).nothingToDo()).isTrue();
  }

  @Test
  void refusesAnUnsignedBundleBeforeAnythingIsUnpacked() throws IOException {
    SealSignature.sign(signer(1), archive);
    ship();

    assertRefused(ErrorCode.SIGNATURE_MISSING, "bears no signature", "arrived");

    assertThat(dir.resolve("arrived")).doesNotExist();
    transfers.origin = OriginCheck.NONE;
    assertThat(received("arrived")).isEqualTo(new Origin.Unchecked());
  }

  @Test
  void refusesEveryFlippedByteOfTheIndexAndOfItsSignature() throws IOException {
    transfers.signer = Optional.of(signer(1));
    Path bundle = ship();
    for (String name : List.of("bundle.json", "bundle.json.sig")) {
      Path file = bundle.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < whole.length; i++) {
        byte[] flipped = whole.clone();
        flipped[i] ^= (byte) (1 << (i % 8));
        Files.write(file, flipped);
        FerryException refusal =
            catchThrowableOfType(FerryException.class, () -> transfers.receive(inbox, "arrived"));
        assertThat(refusal.code())
            .as("%s, byte %d", name, i)
            .isIn(ErrorCode.SIGNATURE_INVALID, ErrorCode.SIGNER_NOT_ALLOWED);
      }
      Files.write(file, whole);
    }
    assertThat(dir.resolve("arrived")).doesNotExist();
    assertThat(received("arrived")).isInstanceOf(Origin.Proven.class);
  }

  @Test
  void refusesTheSignatureOfTheArchiveInPlaceOfTheBundles() throws IOException {
    transfers.signer = Optional.of(signer(1));
    Path bundle = ship();
    Files.write(bundle.resolve("bundle.json.sig"), Files.readAllBytes(archive.signature()));

    assertRefused(
        ErrorCode.SIGNATURE_INVALID,
        "was made for 'milvus-ferry-archive', not for 'milvus-ferry-bundle'",
        "arrived");
  }

  @Test
  void refusesAnArchiveThatIsSignedBySomebodyElse() throws IOException {
    SealSignature.sign(signer(2), archive);
    transfers.signer = Optional.of(signer(1));
    ship();

    assertRefused(ErrorCode.SIGNER_NOT_ALLOWED, "does not list", "arrived");

    assertThat(dir.resolve("arrived/data")).exists();
    assertRefused(ErrorCode.SIGNER_NOT_ALLOWED, "does not list", "arrived");
  }

  @Test
  void sendsAnotherSignatureAgain() throws IOException {
    transfers.signer = Optional.of(signer(2));
    ship();
    Files.delete(archive.signature());
    transfers.signer = Optional.of(signer(1));

    assertThat(transfers.ship("nightly", inbox).chunksSent()).isEqualTo(1);

    assertThat(received("arrived")).isInstanceOf(Origin.Proven.class);
  }

  @Test
  void putsASignatureAsideThatIsNoneOfTheNewIndex() throws IOException {
    transfers.signer = Optional.of(signer(1));
    Path bundle = ship();
    Files.delete(archive.signature());
    transfers.signer = Optional.empty();
    ship();

    assertThat(bundle.resolve("bundle.json.sig")).doesNotExist();
    assertThat(bundle.resolve("bundle.json.sig.rejected")).exists();
    assertRefused(ErrorCode.SIGNATURE_MISSING, "bears no signature", "arrived");
    transfers.origin = OriginCheck.NONE;
    assertThat(received("arrived")).isEqualTo(new Origin.Unsigned());
  }

  @Test
  void everyVolumeIsSigned() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] publicKey = new Buffer.PlainBuffer().putPublicKey(pair.getPublic()).getCompactData();
    trust("ecdsa-sha2-nistp256 " + Base64.getEncoder().encodeToString(publicKey));
    // Such a key gives another signature each time, and yet a volume is written once.
    transfers.signer = Optional.of(SigningKey.of(publicKey, pair.getPrivate()));

    ShipResult shipped = transfers.shipVolumes("nightly", inbox, 330_000);
    ShipResult again = transfers.shipVolumes("nightly", inbox, 330_000);

    assertThat(shipped.volumes()).hasSizeGreaterThan(1);
    assertThat(again.nothingToDo()).isTrue();
    assertThat(received("arrived")).isInstanceOf(Origin.Proven.class);
    Path second;
    try (Stream<Path> bundles = Files.list(dir.resolve("inbox"))) {
      second = bundles.findFirst().orElseThrow().resolve("volume-002");
    }
    Files.delete(second.resolve("bundle.json.sig"));
    assertRefused(ErrorCode.SIGNATURE_MISSING, "volume 2 in ", "other");
    assertThat(dir.resolve("other")).doesNotExist();
  }
}
