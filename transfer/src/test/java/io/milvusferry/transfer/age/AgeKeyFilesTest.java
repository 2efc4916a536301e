package io.milvusferry.transfer.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgeKeyFilesTest {
  private static final AgeKeys ANNA = AgeKeys.of(1);
  private static final AgeKeys BERT = AgeKeys.of(2);

  @TempDir Path dir;

  private static void assertFails(ThrowingCallable call, ErrorCode code, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FerryException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words)
        .satisfies(
            failure -> assertThat(String.valueOf(failure.getCause())).doesNotContain("SECRET"));
  }

  private void assertRefused(String word, String words) {
    assertFails(() -> Recipients.of(List.of(word)), ErrorCode.RECIPIENT_INVALID, words);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(dir.resolve("file"), content);
  }

  @Test
  void readsRecipientsFromAFileWithComments() throws IOException {
    Path file = file("# ours\n\n%s\n  %s \n".formatted(ANNA.recipient(), BERT.recipient()));
    assertThat(Recipients.of(List.of(file.toString())).tag())
        .isEqualTo(Recipients.of(List.of(BERT.recipient(), ANNA.recipient())).tag());
  }

  @Test
  void refusesWhatIsNoRecipientAndSaysWhy() throws IOException {
    String anna = ANNA.recipient();
    assertRefused(anna.substring(0, 61) + (anna.endsWith("q") ? "p" : "q"), "do not agree");
    assertRefused("age1", "do not agree");
    assertRefused("age1yubikey1qwerty", "no recipient");
    assertRefused("nobody", "neither a recipient nor a file");
    assertRefused(ANNA.identity(), "a secret key is given");
    assertRefused(file("# nobody\n").toString(), "names no recipient");
    assertRefused(file(anna + "\nssh-ed25519 AAAA\n").toString(), "line 2");
    // The point of order one, with a right checksum.
    assertRefused(
        com.exceptionfactory.jagged.bech32.Bech32.getEncoder()
            .encode("age", new byte[32])
            .toString(),
        "keeps no secret");
    assertFails(() -> Recipients.of(List.of()), ErrorCode.RECIPIENT_INVALID, "0 recipients");
  }

  @Test
  void readsSeveralIdentities() throws IOException {
    Path file = file("# mine\n%s\n\n%s\n".formatted(ANNA.identity(), BERT.identity()));
    byte[] forBert =
        new AgeEncryption(
                AgeSecret.random(new SecureRandom()), Recipients.of(List.of(BERT.recipient())))
            .encrypt(new byte[] {42}, "x");
    try (var in = Identities.read(file).open(new ByteArrayInputStream(forBert))) {
      assertThat(in.readAllBytes()).containsExactly(42);
    }
  }

  @Test
  void refusesAnIdentityFileWithAnythingElseAndQuotesNothingOfIt() throws IOException {
    String broken = ANNA.identity().substring(0, 70) + "QQQQ";
    for (String content :
        List.of(
            "# nothing\n",
            ANNA.identity().toLowerCase(Locale.ROOT) + "x\n",
            ANNA.recipient() + "\n",
            broken + "\n",
            "-----BEGIN OPENSSH PRIVATE KEY-----\n",
            "age-encryption.org/v1\n-> scrypt\n")) {
      assertFails(
          () -> Identities.read(file(content)), ErrorCode.IDENTITY_UNUSABLE, "cannot be used");
    }
    assertFails(
        () -> Identities.read(dir.resolve("none")), ErrorCode.IDENTITY_UNUSABLE, "no such file");
  }

  @Test
  void keepsASecretAsItIs() {
    AgeSecret secret = AgeSecret.random(new SecureRandom());
    assertThat(AgeSecret.ofHex(secret.hex()).tag()).isEqualTo(secret.tag());
    assertThatThrownBy(() -> AgeSecret.ofHex("00")).isInstanceOf(IllegalArgumentException.class);
  }
}
