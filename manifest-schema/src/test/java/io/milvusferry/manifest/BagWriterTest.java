package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BagWriterTest {
  @TempDir Path dir;

  @Test
  void theSealListsEveryOtherFileThatIsNoPayload() throws IOException {
    SampleArchive.seal(dir);
    DigestList seal = DigestList.parse(Files.readAllBytes(dir.resolve("tagmanifest-sha256.txt")));
    DigestList payload = DigestList.parse(Files.readAllBytes(dir.resolve("manifest-sha256.txt")));
    SortedMap<String, Digest> both = new TreeMap<>(seal.digests());
    both.putAll(payload.digests());
    SortedMap<String, Digest> found = digests(dir);
    found.remove("tagmanifest-sha256.txt");
    assertThat(both).isEqualTo(found);
    assertThat(payload.digests().keySet()).allMatch(path -> path.startsWith("data/"));
    assertThat(seal.digests().keySet()).noneMatch(path -> path.startsWith("data/"));
  }

  @Test
  void theArchiveIdIsTheDigestOfTheSeal() throws IOException {
    Digest id = SampleArchive.seal(dir);
    assertThat(id).isEqualTo(Digest.ofFile(dir.resolve("tagmanifest-sha256.txt")));
  }

  @Test
  void theSameManifestGivesTheSameBytes() throws IOException {
    Path first = dir.resolve("first");
    Path second = dir.resolve("second");
    assertThat(SampleArchive.seal(first)).isEqualTo(SampleArchive.seal(second));
    assertThat(digests(first)).isEqualTo(digests(second));
  }

  @Test
  void theBagSaysHowMuchItHolds() throws IOException {
    SampleArchive.seal(dir);
    assertThat(Files.readString(dir.resolve("bag-info.txt")).lines())
        .containsExactly(
            "Bag-Software-Agent: milvus-ferry 0.1.0 (0123456)",
            "Bagging-Date: 2026-11-24",
            "External-Identifier: k3v9x0a2b4c6",
            "Payload-Oxum: 43.3");
    assertThat(Files.readString(dir.resolve("bagit.txt")))
        .isEqualTo("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  }

  @Test
  void theReadmeNamesAConfigurationForEachCollectionWithRows() throws IOException {
    SampleArchive.seal(dir);
    assertThat(Files.readString(dir.resolve("README.md")))
        .startsWith(
            """
            ---
            configs:
            - config_name: "0001-products"
              data_files: "data/0001-products/*/*.parquet"
            ---
            """)
        .contains("| `data/0002-nothing` | default.Nothing | 0 | 0 | 0 B |");
  }

  @Test
  void anArchiveWithoutRowsStillHasADataDirectory() throws IOException {
    Manifest sample = SampleArchive.manifest();
    Manifest empty =
        new Manifest(
            1,
            List.of(),
            sample.createdAt(),
            sample.createdBy(),
            sample.creationId(),
            sample.source(),
            sample.consistency(),
            List.of(),
            List.of());
    new BagWriter(new ArchiveLayout(dir)).seal(empty, Map.of());
    assertThat(dir.resolve("data")).isEmptyDirectory();
    assertThat(dir.resolve("manifest-sha256.txt")).isEmptyFile();
    assertThat(dir.resolve("bag-info.txt")).content().contains("Payload-Oxum: 0.0\n");
  }

  @Nested
  class Refuses {
    @Test
    void toSealTwice() throws IOException {
      SampleArchive.seal(dir);
      assertRefused(ErrorCode.EXPORT_DIRECTORY_IN_USE, "is sealed already");
    }

    @Test
    void aMissingPart() throws IOException {
      SampleArchive.writeParts(dir);
      Files.delete(dir.resolve("data/0001-products/p0000/part-00001.parquet"));
      assertRefused(ErrorCode.ROWS_LOST, "part-00001.parquet has 0 bytes on disk");
    }

    @Test
    void aPartOfAnotherSize() throws IOException {
      SampleArchive.writeParts(dir);
      Files.writeString(dir.resolve("data/0001-products/p0000/part-00001.parquet"), "1234567");
      assertRefused(ErrorCode.ROWS_LOST, "has 7 bytes on disk but was written with 6");
    }

    @Test
    void aFileThatIsNoPart() throws IOException {
      SampleArchive.writeParts(dir);
      Files.writeString(dir.resolve("data/0001-products/p0000/notes.txt"), "mine");
      assertRefused(ErrorCode.EXPORT_DIRECTORY_IN_USE, "notes.txt is no part of this archive");
      assertThat(dir.resolve("data/0001-products/p0000/notes.txt")).exists();
    }

    private void assertRefused(ErrorCode code, String words) throws IOException {
      Map<String, Digest> before = digests(dir);
      BagWriter writer = new BagWriter(new ArchiveLayout(dir));
      assertThatThrownBy(() -> writer.seal(SampleArchive.manifest(), SampleArchive.meta()))
          .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessageContaining(words);
      assertThat(digests(dir)).isEqualTo(before);
    }
  }

  @Nested
  class AfterAnAttemptThatDiedBeforeTheSeal {
    @Test
    void sealsTheSameBytesAndRemovesWhatTheAttemptLeft() throws IOException {
      Path fresh = dir.resolve("fresh");
      Path again = dir.resolve("again");
      Digest id = SampleArchive.seal(fresh);
      SampleArchive.seal(again);
      Files.delete(again.resolve("tagmanifest-sha256.txt"));
      Files.writeString(again.resolve("manifest.json"), "half");
      Files.writeString(again.resolve("meta/0003-gone.buckets.partial"), "half");
      assertThat(
              new BagWriter(new ArchiveLayout(again))
                  .seal(SampleArchive.manifest(), SampleArchive.meta()))
          .isEqualTo(id);
      assertThat(digests(again)).isEqualTo(digests(fresh));
    }
  }

  private static SortedMap<String, Digest> digests(Path root) throws IOException {
    TreeMap<String, Digest> found = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        found.put(root.relativize(file).toString(), Digest.ofFile(file));
      }
    }
    return found;
  }
}
