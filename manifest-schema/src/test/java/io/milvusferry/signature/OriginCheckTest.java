package io.milvusferry.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final byte[] SEAL = "0123  manifest.json\n".getBytes(UTF_8);
  private static final SampleKey OURS = SampleKey.ed25519(1);

  private final byte[] signature = OURS.key().sign(SignatureNamespace.ARCHIVE, SEAL);

  private static Origin check(String allowed, byte[] content, byte[] signature) {
    return check(allowed, ZoneOffset.UTC, content, Optional.of(signature));
  }

  private static Origin check(
      String allowed, ZoneId zone, byte[] content, Optional<byte[]> signature) {
    return OriginCheck.by(AllowedSigners.parse("signers", allowed, zone), InstantSource.fixed(NOW))
        .check(SignatureNamespace.ARCHIVE, "the archive a", content, signature);
  }

  private Origin checkOurs(String options) {
    return check("ops@eu " + options + " " + OURS.line(), SEAL, signature);
  }

  private static void assertRefused(
      ErrorCode code, String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            FerryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.hint()).isNotBlank();
            })
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @EnumSource(SampleKey.Kind.class)
  void provesWhoSigned(SampleKey.Kind kind) {
    SampleKey key = SampleKey.of(kind, 3);

    Origin origin =
        check(
            "someone " + OURS.line() + "\nops@eu,ops@us " + key.line() + " a comment\n",
            SEAL,
            key.key().sign(SignatureNamespace.ARCHIVE, SEAL));

    assertThat(origin).isEqualTo(new Origin.Proven("ops@eu,ops@us", key.key().fingerprint()));
  }

  @ParameterizedTest
  @EnumSource(SampleKey.Kind.class)
  void refusesEveryFlippedByteOfTheSignature(SampleKey.Kind kind) {
    SampleKey key = SampleKey.of(kind, 4);
    byte[] file = key.key().sign(SignatureNamespace.ARCHIVE, SEAL);
    for (int i = 0; i < file.length; i++) {
      byte[] flipped = file.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> check("ops@eu " + key.line(), SEAL, flipped))
          .as("byte %d", i)
          .isInstanceOfSatisfying(
              FerryException.class,
              e ->
                  assertThat(e.code())
                      .isIn(ErrorCode.SIGNATURE_INVALID, ErrorCode.SIGNER_NOT_ALLOWED));
    }
  }

  @Test
  void refusesEveryFlippedByteOfWhatWasSigned() {
    for (int i = 0; i < SEAL.length; i++) {
      byte[] flipped = SEAL.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertRefused(
          ErrorCode.SIGNATURE_INVALID,
          "is not one of what is there now",
          () -> check("ops@eu " + OURS.line(), flipped, signature));
    }
  }

  @Test
  void refusesEveryBeginningOfTheSignature() {
    for (int length = 0; length < signature.length - 1; length++) {
      byte[] cut = java.util.Arrays.copyOf(signature, length);
      assertRefused(
          ErrorCode.SIGNATURE_INVALID,
          "the signature of the archive a cannot be read",
          () -> check("ops@eu " + OURS.line(), SEAL, cut));
    }
  }

  @Test
  void takesLineEndsOfAnotherSystem() {
    byte[] windows = new String(signature, US_ASCII).replace("\n", "\r\n").getBytes(US_ASCII);

    assertThat(check("ops@eu " + OURS.line(), SEAL, windows)).isInstanceOf(Origin.Proven.class);
  }

  @Test
  void refusesASignatureThatWasMadeForSomethingElse() {
    byte[] other = OURS.key().sign(SignatureNamespace.BUNDLE, SEAL);

    assertRefused(
        ErrorCode.SIGNATURE_INVALID,
        "was made for 'milvus-ferry-bundle', not for 'milvus-ferry-archive'",
        () -> check("ops@eu " + OURS.line(), SEAL, other));
  }

  @Test
  void refusesAKeyThatIsNotListed() {
    String fingerprint = OURS.key().fingerprint();

    assertRefused(
        ErrorCode.SIGNER_NOT_ALLOWED,
        "signed with the key %s, which signers does not list".formatted(fingerprint),
        () -> check("ops@eu " + SampleKey.ed25519(2).line(), SEAL, signature));
    assertRefused(
        ErrorCode.SIGNER_NOT_ALLOWED, "does not list", () -> check("# nobody", SEAL, signature));
  }

  @Test
  void refusesWhatIsNotSigned() {
    assertRefused(
        ErrorCode.SIGNATURE_MISSING,
        "the archive a bears no signature",
        () -> check("ops@eu " + OURS.line(), ZoneOffset.UTC, SEAL, Optional.empty()));
  }

  @Test
  void saysWhatWasNotChecked() {
    assertThat(
            OriginCheck.NONE.check(
                SignatureNamespace.ARCHIVE, "a", SEAL, Optional.of("junk".getBytes(UTF_8))))
        .isEqualTo(new Origin.Unchecked());
    assertThat(OriginCheck.NONE.check(SignatureNamespace.ARCHIVE, "a", SEAL, Optional.empty()))
        .isEqualTo(new Origin.Unsigned());
  }

  @Test
  void refusesAKeyOfAKindThatIsNotKnown() {
    byte[] blob =
        new WireWriter().field("sk-ssh-ed25519@openssh.com").field(new byte[32]).toBytes();
    byte[] file =
        new SshSignature(new SshPublicKey(blob), "milvus-ferry-archive", "x", new byte[64])
            .toBytes();

    assertRefused(
        ErrorCode.SIGNATURE_INVALID,
        "a key of type 'sk-ssh-ed25519@openssh.com', which is not supported",
        () -> check("ops@eu " + SampleKey.line(blob), SEAL, file));
  }

  @Test
  void refusesToSignWithKeysThatAreNoPair() throws Exception {
    var other = java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] blob = java.util.Base64.getDecoder().decode(OURS.line().split(" ", -1)[1]);

    assertThatThrownBy(() -> SigningKey.of(blob, other.getPrivate()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no pair");
  }

  @Nested
  class TheOptionsOfALine {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "namespaces=\"milvus-ferry-archive\"",
          "namespaces=\"git,milvus-ferry-*\"",
          "namespaces=\"milvus-ferry-?rchive\"",
          "valid-after=\"20261125\"",
          "valid-before=\"20261125120000Z\"",
          "Valid-After=\"202611251200z\",Namespaces=\"*\",valid-before=\"20270101UTC\""
        })
    void letIn(String options) {
      assertThat(checkOurs(options)).isInstanceOf(Origin.Proven.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "namespaces=\"git\"",
          "namespaces=\"milvus-ferry-bundle\"",
          "namespaces=\"milvus-ferry-archiv\"",
          "namespaces=\"milvus-ferry-*,!milvus-ferry-archive\"",
          "valid-after=\"20261125120001Z\"",
          "valid-after=\"20261126\"",
          "valid-before=\"20261125115959Z\"",
          "valid-before=\"20261125\"",
          "namespaces=\"*\",valid-before=\"20000101\""
        })
    void keepOut(String options) {
      assertRefused(
          ErrorCode.SIGNER_NOT_ALLOWED,
          "of ops@eu, and signers says that it",
          () -> checkOurs(options));
    }

    @Test
    void nameTimesOfThisPlaceUnlessTheySayOtherwise() {
      String line = "ops@eu valid-after=\"202611251300\" " + OURS.line();

      assertThat(check(line, ZoneOffset.ofHours(1), SEAL, Optional.of(signature)))
          .isInstanceOf(Origin.Proven.class);
      assertRefused(
          ErrorCode.SIGNER_NOT_ALLOWED,
          "it is not valid before 2026-11-25T13:00:00Z",
          () -> check(line, ZoneOffset.UTC, SEAL, Optional.of(signature)));
    }

    @Test
    void ofAnotherLineMayLetTheSameKeyIn() {
      String expired = "old@eu valid-before=\"20200101\" " + OURS.line();

      assertThat(check(expired + "\nnew@eu " + OURS.line(), SEAL, signature))
          .isEqualTo(new Origin.Proven("new@eu", OURS.key().fingerprint()));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ops@eu",
          "ops@eu ssh-ed25519",
          "ops@eu ssh-ed25519 AAAA",
          "ops@eu cert-authority KEY",
          "ops@eu namespaces=\"git\",cert-authority KEY",
          "ops@eu namespaces=git KEY",
          "ops@eu namespaces=\"\" KEY",
          "ops@eu namespaces KEY",
          "ops@eu namespaces=\"a\",namespaces=\"b\" KEY",
          "ops@eu namespaces=\"a\", KEY",
          "ops@eu no-touch-required KEY",
          "ops@eu valid-before=\"tomorrow\" KEY",
          "ops@eu valid-before=\"20260230\" KEY",
          "ops@eu valid-after=\"20270101\",valid-before=\"20260101\" KEY"
        })
    void areRefusedWithTheirLineWhenTheyMeanNothing(String line) {
      assertRefused(
          ErrorCode.ALLOWED_SIGNERS_INVALID,
          "signers, line 3: it",
          () -> check("# who\n\n" + line.replace("KEY", OURS.line()), SEAL, signature));
    }

    @Test
    void refuseCertificatesByName() {
      assertRefused(
          ErrorCode.ALLOWED_SIGNERS_INVALID,
          "its key is a cert-authority, and certificates are not supported",
          () -> checkOurs("cert-authority"));
    }
  }
}
