package io.milvusferry.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintSumTest {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  @Test
  void addsLikeIntegersModulo2To256() {
    Random random = new Random(256);
    for (int round = 0; round < 3000; round++) {
      FingerprintSum sum = new FingerprintSum();
      BigInteger expected = BigInteger.ZERO;
      for (int i = 0; i < 4; i++) {
        byte[] digest = digest(random);
        sum.add(digest);
        expected = expected.add(new BigInteger(1, digest)).mod(MODULUS);
      }
      assertThat(sum.value()).isEqualTo(new Fingerprint(4, "%064x".formatted(expected)));
    }
  }

  @Test
  void whatIsSubtractedWasNeverThere() {
    Random random = new Random(257);
    for (int round = 0; round < 1000; round++) {
      FingerprintSum sum = new FingerprintSum();
      List<Fingerprint> rows = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        FingerprintSum one = new FingerprintSum();
        one.add(digest(random));
        rows.add(one.value());
        sum.add(one);
      }
      Collections.shuffle(rows, random);
      rows.forEach(sum::subtract);
      assertThat(sum.value()).isEqualTo(Fingerprint.EMPTY);
    }
  }

  @Test
  void refusesToSubtractMoreThanThereIs() {
    FingerprintSum sum = new FingerprintSum();
    sum.add(new byte[32]);
    assertThatThrownBy(() -> sum.subtract(new Fingerprint(2, "0".repeat(64))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sum.rows()).isEqualTo(1);
  }

  @Test
  void bucketsReadBackWhatTheyWrote() {
    Random random = new Random(258);
    BucketFingerprints buckets = new BucketFingerprints();
    FingerprintSum total = new FingerprintSum();
    for (int i = 0; i < 2000; i++) {
      byte[] digest = digest(random);
      buckets.add(random.nextInt(256), digest);
      total.add(digest);
    }
    BucketFingerprints read = BucketFingerprints.parse(buckets.toText());
    assertThat(read.toText()).isEqualTo(buckets.toText());
    assertThat(read.total()).isEqualTo(total.value());
    assertThat(buckets.toText().lines()).hasSize(256);
    assertThat(buckets.toText()).startsWith("00 ").contains("\nff ");
  }

  @Test
  void bucketsRefuseEveryTruncationAndOtherOrders() {
    String text = new BucketFingerprints().toText();
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertThatThrownBy(() -> BucketFingerprints.parse(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> BucketFingerprints.parse(text.replace("\n01 ", "\n02 ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void aDigestingStreamPassesBytesOnAndDigestsThem() throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    byte[] content = "0123456789".getBytes(StandardCharsets.US_ASCII);
    DigestingOutputStream stream = new DigestingOutputStream(target);
    stream.write(content[0]);
    stream.write(content, 1, 4);
    stream.write(Arrays.copyOfRange(content, 5, 10));
    stream.close();
    assertThat(target.toByteArray()).isEqualTo(content);
    assertThat(stream.bytes()).isEqualTo(10);
    // printf 0123456789 | sha256sum
    assertThat(stream.digest().hex())
        .isEqualTo("84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
  }

  /** Often with words of all ones or zeros, where carries go far. */
  private static byte[] digest(Random random) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    for (int word = 0; word < 4; word++) {
      int kind = random.nextInt(3);
      if (kind > 0) {
        Arrays.fill(digest, 8 * word, 8 * word + 8, (byte) (kind == 1 ? 0 : -1));
      }
    }
    return digest;
  }
}
