package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
  private static String golden() throws IOException {
    try (InputStream in = ManifestReaderTest.class.getResourceAsStream("/golden/manifest.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void readsTheGoldenManifest() throws IOException {
    assertThat(ManifestReader.fromBytes(utf8(golden()))).isEqualTo(SampleArchive.manifest());
  }

  @Test
  void theWriterWritesTheGoldenManifest() throws IOException {
    assertThat(new String(ManifestWriter.toBytes(SampleArchive.manifest()), StandardCharsets.UTF_8))
        .isEqualTo(golden());
  }

  @Test
  void ignoresKeysThatItDoesNotKnow() throws IOException {
    String extended =
        golden()
            .replace("\"rows\": \"3\"", "\"rows\": \"3\", \"colour\": {\"a\": [1, null, {}]}")
            .replaceFirst("\\{", "{ \"anything\": 1e400,");
    assertThat(extended).isNotEqualTo(golden());
    assertThat(ManifestReader.fromBytes(utf8(extended))).isEqualTo(SampleArchive.manifest());
  }

  @Nested
  class RefusesByName {
    @Test
    void aNewerFormatVersionWhateverElseChanged() {
      assertRefused(
          "{\"format\": \"milvus-ferry-archive\", \"collections\": 7, \"formatVersion\": 2,"
              + " \"requires\": [\"x\"]}",
          ErrorCode.MANIFEST_TOO_NEW,
          "manifest has format version 2 but this build reads up to 1");
    }

    @Test
    void whatItDoesNotUnderstand() throws IOException {
      assertRefused(
          golden().replace("\"requires\": []", "\"requires\": [\"delta\"]"),
          ErrorCode.MANIFEST_REQUIRES,
          "'delta'");
    }

    @Test
    void anotherFormat() throws IOException {
      assertRefused(
          golden().replace("milvus-ferry-archive", "milvus-backup"),
          ErrorCode.MANIFEST_INVALID,
          "format is 'milvus-backup'");
    }
  }

  @Nested
  class RefusesWithThePlace {
    @Test
    void aMissingKey() throws IOException {
      assertInvalid(
          golden().replace("\"minKey\": \"-5\",", ""), "$.collections[0].parts[0]", "minKey");
    }

    @Test
    void aNumberWhereAStringBelongs() throws IOException {
      assertInvalid(
          golden().replace("\"countedRows\": \"6\"", "\"countedRows\": 6"),
          "$.collections[0].countedRows",
          "NUMBER where a STRING belongs");
    }

    @Test
    void aNumberOutOfRange() throws IOException {
      assertInvalid(
          golden().replace("\"countedRows\": \"6\"", "\"countedRows\": \"9223372036854775808\""),
          "$.collections[0].countedRows",
          "out of range");
    }

    @Test
    void aFractionWhereAWholeNumberBelongs() throws IOException {
      assertInvalid(
          golden().replace("\"shards\": 2", "\"shards\": 2.0"),
          "$.collections[0].shards",
          "not a whole number");
    }

    @Test
    void aKeyThatIsThereTwice() throws IOException {
      assertInvalid(
          golden().replace("\"shards\": 2", "\"shards\": 2, \"shards\": 3"),
          "$.collections[0]",
          "shards twice");
    }

    @Test
    void aTypeThatItDoesNotKnow() throws IOException {
      assertInvalid(
          golden().replace("\"FLOAT_VECTOR\"", "\"COMPLEX_VECTOR\""),
          "$.collections[0].schema.fields[3].type",
          "'COMPLEX_VECTOR'");
    }

    @Test
    void aPathThatLeavesTheArchive() throws IOException {
      assertInvalid(
          golden().replace("data/0001-products/p0001/part-00000.parquet", "data/../../etc/passwd"),
          "$.collections[0].parts[2]",
          "path leaves the archive");
    }

    @Test
    void partsThatDoNotAddUp() throws IOException {
      String changed =
          golden().replaceFirst("\"sum\": \"[0-9a-f]{64}\"", "\"sum\": \"" + "1".repeat(64) + "\"");
      assertInvalid(changed, "default.products", "do not add up to partition '_default'");
    }

    @Test
    void somethingAfterItsEnd() throws IOException {
      assertInvalid(golden() + "{}", "$", "");
    }

    @Test
    void textThatIsNotUtf8() throws IOException {
      byte[] bytes = utf8(golden());
      bytes[golden().indexOf("things")] = (byte) 0xff;
      assertThatThrownBy(() -> ManifestReader.fromBytes(bytes))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID));
    }

    private void assertInvalid(String json, String place, String words) throws IOException {
      assertThat(json).isNotEqualTo(golden());
      assertRefused(json, ErrorCode.MANIFEST_INVALID, place);
      assertRefused(json, ErrorCode.MANIFEST_INVALID, words);
    }
  }

  @Nested
  class OnHostileInput {
    @Test
    void failsCleanlyOnDeepNesting() {
      String deep = "[".repeat(1_000_000);
      assertRefused("{\"x\": " + deep, ErrorCode.MANIFEST_INVALID, "cannot be read");
    }

    @Test
    void failsCleanlyOnEveryTruncation() throws IOException {
      String whole = golden();
      for (int length = 0; length < whole.length() - 1; length++) {
        assertRefused(whole.substring(0, length).stripTrailing(), ErrorCode.MANIFEST_INVALID, "");
      }
    }

    @Test
    void neverFailsOtherThanByNameOnRandomDamage() throws IOException {
      Random random = new Random(20261124);
      for (int round = 0; round < 5000; round++) {
        byte[] bytes = utf8(golden());
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        try {
          Manifest read = ManifestReader.fromBytes(bytes);
          assertThat(ManifestReader.fromBytes(ManifestWriter.toBytes(read))).isEqualTo(read);
        } catch (FerryException e) {
          assertThat(e.code())
              .isIn(
                  ErrorCode.MANIFEST_INVALID,
                  ErrorCode.MANIFEST_TOO_NEW,
                  ErrorCode.MANIFEST_REQUIRES);
        }
      }
    }
  }

  private static void assertRefused(String json, ErrorCode code, String words) {
    assertThatThrownBy(() -> ManifestReader.fromBytes(utf8(json)))
        .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
