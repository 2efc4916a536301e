package io.milvusferry.transfer.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgeEncryptionTest {
  private static final AgeKeys ANNA = AgeKeys.of(1);
  private static final AgeKeys BERT = AgeKeys.of(2);
  private static final AgeKeys EVE = AgeKeys.of(3);

  @TempDir Path dir;

  private AgeSecret secret;
  private AgeEncryption encryption;

  @BeforeEach
  void make() {
    byte[] counted = new byte[32];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = (byte) i;
    }
    secret = AgeSecret.ofHex(HexFormat.of().formatHex(counted));
    encryption = forRecipients(ANNA.recipient(), BERT.recipient());
  }

  private AgeEncryption forRecipients(String... recipients) {
    return new AgeEncryption(secret, Recipients.of(List.of(recipients)));
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) (i * 7);
    }
    return content;
  }

  private byte[] open(AgeKeys keys, byte[] file) throws IOException {
    try (InputStream in =
        Identities.read(keys.write(dir.resolve("key"))).open(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_300, 65_535, 65_536, 65_537, 131_072, 200_000})
  void writesWhatEveryRecipientOpens(int bytes) throws IOException {
    byte[] file = encryption.encrypt(content(bytes), "chunk", "5");
    assertThat(open(ANNA, file)).isEqualTo(content(bytes));
    assertThat(open(BERT, file)).isEqualTo(content(bytes));
  }

  @Test
  void writesWhatCanBeOpenedWhereverTheFirstReadOfTheReaderEnds() throws IOException {
    byte[] header = encryption.encrypt(new byte[0], "x");
    for (int bytes = 65_552 - header.length - 2; bytes < 65_552 - header.length + 20; bytes++) {
      assertThat(open(ANNA, encryption.encrypt(content(bytes), "x"))).isEqualTo(content(bytes));
    }
  }

  /** The digests are of files that another implementation of the same derivation made. */
  @ParameterizedTest
  @CsvSource({
    "0, 45012b2ca3a63f17bfd6069d2cd8be55fff4a79c758bfea0375801c734e0fc26",
    "1, cb02663ef889186f761bfdf16750a26d950ffd37ea02d74629df524b3c2d0218",
    "65535, 0605ab886b262f7710e91bf27564be1b9bf38d44cce5de4d73ac655a9cb5afb5",
    "65536, df9250775439e8e3772283b2e7aa06b100235ba285c241948bb35d954ec704f9",
    "65537, 4824ae62cf38376c18c3d1e04888ee9b9570711b6ea6604dbeeb0ee3266bdf87",
    "200000, 895db55f7045c86c5a4ac73587fc0b9dd6c4da8ddf507042db57bf7d31877ebe"
  })
  void derivesTheSameFromTheSameSecret(int bytes, String digest) {
    AgeEncryption fixed =
        forRecipients(
            "age1gyufdqhm83awq94athpkhd8qnhvkz5vvepjugps4t3jr3kpgldfqx7x8dh",
            "age13zr3c2ss9vrsxde749h4d2kd8etc9wjx00un82kphuj2dvnwlfvqaen4y4");
    assertThat(Digest.ofContent(fixed.encrypt(content(bytes), "chunk", "5")).hex())
        .isEqualTo(digest);
  }

  @Test
  void writesTheSameFileAgainWhateverTheOrderOfRecipients() {
    byte[] first = encryption.encrypt(content(100_000), "chunk", "5");
    assertThat(encryption.encrypt(content(100_000), "chunk", "5")).isEqualTo(first);
    assertThat(
            forRecipients(BERT.recipient(), ANNA.recipient(), BERT.recipient())
                .encrypt(content(100_000), "chunk", "5"))
        .isEqualTo(first);
  }

  @Test
  void usesAnotherKeyForEveryOtherFile() {
    byte[] first = encryption.encrypt(content(100), "chunk", "5");
    AgeEncryption otherSecret =
        new AgeEncryption(AgeSecret.random(new SecureRandom()), encryption.recipients());
    assertThat(
            List.of(
                encryption.encrypt(content(100), "chunk", "6"),
                encryption.encrypt(content(100), "chunk5"),
                encryption.encrypt(content(100), "chun", "k5"),
                otherSecret.encrypt(content(100), "chunk", "5"),
                forRecipients(ANNA.recipient()).encrypt(content(100), "chunk", "5"),
                forRecipients(ANNA.recipient(), EVE.recipient())
                    .encrypt(content(100), "chunk", "5")))
        .allSatisfy(
            other -> assertThat(payload(other)).isNotEqualTo(payload(first)).hasSize(100 + 16));
    assertThat(otherSecret.tag()).isNotEqualTo(encryption.tag());
  }

  private static byte[] payload(byte[] file) {
    return Arrays.copyOfRange(file, file.length - 116, file.length);
  }

  @Test
  void noticesAFlippedBitAnywhere() throws IOException {
    byte[] file = encryption.encrypt(content(300), "chunk");
    for (int bit = 0; bit < file.length * 8; bit += 5) {
      byte[] bad = file.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> open(ANNA, bad)).as("bit %d", bit).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noticesACutAnywhere() throws IOException {
    byte[] file = encryption.encrypt(content(200_000), "chunk");
    int header = file.length - (200_000 + 4 * 16);
    for (int length = 0; length < file.length; length += length < 2 * header ? 1 : 4_099) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> open(ANNA, cut))
          .as("cut at %d", length)
          .isInstanceOf(IOException.class);
    }
    for (int segments = 1; segments <= 3; segments++) {
      byte[] cut = Arrays.copyOf(file, header + segments * (65_536 + 16));
      assertThatThrownBy(() -> open(ANNA, cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noticesWhatIsAppended() {
    byte[] file = encryption.encrypt(content(65_536), "chunk");
    for (int more : new int[] {1, 16, 17, 70_000}) {
      assertThatThrownBy(() -> open(ANNA, Arrays.copyOf(file, file.length + more)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void opensForNobodyElse() {
    assertThatThrownBy(() -> open(EVE, encryption.encrypt(content(10), "chunk")))
        .isInstanceOf(ForeignAgeFileException.class);
  }

  @Test
  void takesNoFileThatIsNotAge() {
    for (String text :
        List.of("", "{}", "age-encryption.org/v1\n", "age-encryption.org/v2\n--- x")) {
      assertThatThrownBy(() -> open(ANNA, text.getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ForeignAgeFileException.class);
    }
  }

  @Test
  void takesNoHeaderThatDoesNotEnd() {
    byte[] endless = new byte[10_000_000];
    Arrays.fill(endless, (byte) 'A');
    byte[] start = "age-encryption.org/v1\n-> X25519 ".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, endless, 0, start.length);
    assertThatThrownBy(() -> open(ANNA, endless)).isInstanceOf(IOException.class);
  }
}
