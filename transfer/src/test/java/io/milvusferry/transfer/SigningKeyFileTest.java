package io.milvusferry.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.testkit.OpenSshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyFileTest {
  private static final String PASSPHRASE = "correct horse";

  /** Made for this test by {@code ssh-keygen -t ed25519 -a 1}, and used nowhere else. */
  private static final String ENCRYPTED =
      """
      -----BEGIN OPENSSH PRIVATE KEY-----
      b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABD9Vs2NKc
      XHs0A1eH/mX+R4AAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIN0mAf5Qbu+vBmbx
      z1yFAAbA4MIILD4SfLFq1fe00K4uAAAAkF+wbiszlAmLNcpK5+R00hc8ZwnaHZY/5zHd0A
      xNf2S9JhuTOETyZPQDc9DYCOMU/sAIPUfxyuy/ybIj8ykBr1KiKOhqNMeWDmItJHkUrb1o
      9xwbecb06+1+muVQgIR6tRxH4vmh6+Y6JOt2SheBDKJ0mWZixzvhuL38pgGx7SoC0n7g5Y
      IqLbPF/1OEwdZyhA==
      -----END OPENSSH PRIVATE KEY-----
      """;

  @TempDir Path dir;

  private Path file(String content) throws IOException {
    return Files.writeString(dir.resolve("key"), content);
  }

  private static SigningKey load(Path file) {
    return SigningKeyFile.load(file, Optional.empty());
  }

  private static void assertRefused(
      Path file, Optional<Supplier<char[]>> passphrase, String words) {
    FerryException refusal =
        catchThrowableOfType(FerryException.class, () -> SigningKeyFile.load(file, passphrase));
    assertThat(refusal.code()).isEqualTo(ErrorCode.SIGNING_KEY_UNUSABLE);
    assertThat(refusal).hasMessageContaining(file.toString()).hasMessageContaining(words);
    assertThat(refusal.hint()).isNotBlank();
  }

  @Test
  void opensAKeyOfOpenSsh() throws IOException {
    OpenSshKey key = OpenSshKey.write(dir.resolve("key"), 5);

    assertThat(load(key.file()).fingerprint()).isEqualTo(key.key().fingerprint());
  }

  @Test
  void opensAKeyInPkcs8() throws Exception {
    assertThat(load(file(pkcs8(2048))).fingerprint()).startsWith("SHA256:");
  }

  private static String pkcs8(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key));
  }

  @Test
  void opensAnEncryptedKeyWithItsPassphrase() throws IOException {
    SigningKey key = SigningKeyFile.load(file(ENCRYPTED), Optional.of(PASSPHRASE::toCharArray));

    assertThat(key.fingerprint()).isEqualTo("SHA256:+Hw260zjpXp6ETOolDtfYHYDpuz2pzFWsy+qroEFJQk");
  }

  @Test
  void refusesAnEncryptedKeyWithoutOne() throws IOException {
    assertRefused(file(ENCRYPTED), Optional.empty(), "it is encrypted");
  }

  @Test
  void refusesAnotherPassphrase() throws IOException {
    assertRefused(file(ENCRYPTED), Optional.of("wrong"::toCharArray), "");
  }

  @Test
  void looksAtNoFileBesideIt() throws IOException {
    OpenSshKey key = OpenSshKey.write(dir.resolve("key"), 5);
    OpenSshKey other = OpenSshKey.write(dir.resolve("other"), 6);
    Files.writeString(dir.resolve("key.pub"), other.publicKey() + "\n");

    assertThat(load(key.file()).fingerprint()).isEqualTo(key.key().fingerprint());
  }

  @Test
  void refusesWhatIsNoPrivateKey() throws IOException {
    OpenSshKey key = OpenSshKey.write(dir.resolve("real"), 5);

    assertRefused(file(key.publicKey()), Optional.empty(), "no private key");
    assertRefused(file(""), Optional.empty(), "Empty file");
    assertRefused(file("A".repeat(100_000)), Optional.empty(), "too long");
    assertRefused(dir.resolve("absent"), Optional.empty(), "no such file");
  }

  @Test
  void refusesAKeyThatIsTooShort() throws Exception {
    assertRefused(file(pkcs8(1024)), Optional.empty(), "1024 bits");
  }
}
