package io.milvusferry.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.Archive;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.DigestList;
import io.milvusferry.manifest.SampleArchive;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.SampleSigner;
import io.milvusferry.signature.SignatureNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveVerifierTest {
  private static final String FIRST = "data/0001-products/p0000/part-00000.parquet";
  private static final String SECOND = "data/0001-products/p0000/part-00001.parquet";

  @TempDir Path root;
  private Digest id = Digest.ofContent(new byte[0]);

  @BeforeEach
  void seal() throws IOException {
    id = SampleArchive.seal(root);
  }

  @Test
  void findsNothingInAWholeArchive() {
    VerificationReport report = verify(root);
    assertThat(report)
        .isEqualTo(
            new VerificationReport(id, 10, report.bytes(), new Origin.Unsigned(), List.of()));
    assertThat(report.valid()).isTrue();
    assertThat(report.verdict()).isEqualTo("valid");
  }

  @Test
  void findsTheSameWithSeveralThreads() throws IOException {
    Damage.flip(root.resolve(SECOND), 3);
    Files.delete(root.resolve(FIRST));
    VerificationReport one = verify(root);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      assertThat(new ArchiveVerifier(pool, ProgressSink.NONE).verify(root)).isEqualTo(one);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void whatAnInterruptedOrRunningCommandLeavesIsHarmless() throws IOException {
    Files.writeString(root.resolve("ferry.journal"), "anything");
    Files.writeString(root.resolve("ferry.lock"), "");
    Files.createDirectory(root.resolve("lost+found"));
    assertThat(verify(root).valid()).isTrue();
  }

  @Nested
  class WithADemandForASignature {
    private final SampleSigner ours = new SampleSigner(1);

    private VerificationReport verifySigned() {
      return new ArchiveVerifier(Runnable::run, ProgressSink.NONE, ours.check(root)).verify(root);
    }

    private void assertRefused(ErrorCode code) {
      assertThatThrownBy(this::verifySigned)
          .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void provesWhoseArchiveItIs() throws IOException {
      SealSignature.sign(ours.key(), new ArchiveLayout(root));

      assertThat(verifySigned().valid()).isTrue();
      assertThat(verifySigned().origin()).isInstanceOf(Origin.Proven.class);
      assertThat(verify(root).origin()).isEqualTo(new Origin.Unchecked());
    }

    @Test
    void refusesEveryFlippedByteOfTheSealAndOfItsSignature() throws IOException {
      SealSignature.sign(ours.key(), new ArchiveLayout(root));
      for (String name : List.of(ArchiveLayout.SEAL, ArchiveLayout.SIGNATURE)) {
        Path file = root.resolve(name);
        for (int i = 0; i < Files.size(file); i++) {
          Damage.flip(file, i);
          assertThatThrownBy(this::verifySigned)
              .as("%s, byte %d", name, i)
              .isInstanceOfSatisfying(
                  FerryException.class,
                  e ->
                      assertThat(e.code())
                          .isIn(ErrorCode.SIGNATURE_INVALID, ErrorCode.SIGNER_NOT_ALLOWED));
          Damage.flip(file, i);
        }
      }
      assertThat(verifySigned().valid()).isTrue();
    }

    @Test
    void refusesAnArchiveThatIsNotSigned() {
      assertRefused(ErrorCode.SIGNATURE_MISSING);
    }

    @Test
    void refusesAnArchiveThatIsSignedBySomebodyElse() throws IOException {
      SealSignature.sign(new SampleSigner(2).key(), new ArchiveLayout(root));
      SealSignature.sign(ours.key(), new ArchiveLayout(root));

      assertRefused(ErrorCode.SIGNER_NOT_ALLOWED);
    }

    @Test
    void refusesAFileThatIsTooLargeForASignature() throws IOException {
      Files.write(root.resolve(ArchiveLayout.SIGNATURE), new byte[2 << 20]);

      assertRefused(ErrorCode.SIGNATURE_INVALID);
    }

    @Test
    void followsNoLinkToASignature() throws IOException {
      Path elsewhere = Files.createTempFile("signature", "");
      try {
        Files.write(
            elsewhere,
            ours.key()
                .sign(
                    SignatureNamespace.ARCHIVE,
                    Files.readAllBytes(root.resolve(ArchiveLayout.SEAL))));
        Files.createSymbolicLink(root.resolve(ArchiveLayout.SIGNATURE), elsewhere);

        assertRefused(ErrorCode.SIGNATURE_MISSING);
      } finally {
        Files.delete(elsewhere);
      }
    }
  }

  @Nested
  class Names {
    @Test
    void aMissingPart() throws IOException {
      Files.delete(root.resolve(SECOND));
      assertFound("incomplete", FileFinding.Kind.MISSING, SECOND);
    }

    @Test
    void aMissingDescription() throws IOException {
      Files.delete(root.resolve("README.md"));
      assertFound("incomplete", FileFinding.Kind.MISSING, "README.md");
    }

    @Test
    void aMissingListOfParts() throws IOException {
      Files.delete(root.resolve("manifest-sha256.txt"));
      assertFound("incomplete", FileFinding.Kind.MISSING, "manifest-sha256.txt");
    }

    @Test
    void extraFilesAnywhere() throws IOException {
      for (String path :
          List.of("data/x.parquet", "data/0001-products/p0000/part-00009.parquet", "meta/x", "x")) {
        Files.writeString(root.resolve(path), "extra");
        assertFound("incomplete", FileFinding.Kind.EXTRA, path);
        Files.delete(root.resolve(path));
      }
    }

    @Test
    void aTruncatedPartWithBothSizes() throws IOException {
      Damage.truncate(root.resolve(FIRST), 4);
      assertFound("complete", FileFinding.Kind.TRUNCATED, FIRST);
      assertThat(verify(root).findings().get(0).message())
          .isEqualTo(FIRST + " is truncated: it has 4 bytes of 10");
    }

    @Test
    void bothOfTwoSwappedParts() throws IOException {
      Damage.swap(root.resolve(FIRST), root.resolve(SECOND));
      assertThat(verify(root).findings())
          .extracting(FileFinding::path)
          .containsExactly(FIRST, SECOND);
    }

    @Test
    void aLinkEvenToTheRightBytes() throws IOException {
      Path elsewhere = Files.createTempFile("part", ".parquet");
      try {
        Files.write(elsewhere, Files.readAllBytes(root.resolve(FIRST)));
        Files.delete(root.resolve(FIRST));
        Files.createSymbolicLink(root.resolve(FIRST), elsewhere);
        assertFound("incomplete", FileFinding.Kind.NOT_A_FILE, FIRST);
      } finally {
        Files.delete(elsewhere);
      }
    }

    @Test
    void aLinkedDirectory() throws IOException {
      Files.move(root.resolve("meta"), root.resolve("data/meta"));
      Files.createSymbolicLink(root.resolve("meta"), root.resolve("data/meta"));
      assertThat(verify(root).findings())
          .anyMatch(f -> f.kind() == FileFinding.Kind.NOT_A_FILE && f.path().equals("meta"));
    }

    @Test
    void aManifestAndAListOfPartsThatDisagreeUnderAMatchingSeal() throws IOException {
      Map<String, Digest> parts =
          new TreeMap<>(
              DigestList.parse(Files.readAllBytes(root.resolve("manifest-sha256.txt"))).digests());
      byte[] other = "other".getBytes(StandardCharsets.UTF_8);
      Files.write(root.resolve(FIRST), other);
      parts.put(FIRST, Digest.ofContent(other));
      parts.remove(SECOND);
      reseal("manifest-sha256.txt", new DigestList(new TreeMap<>(parts)).toBytes());
      List<FileFinding> findings = verify(root).findings();
      assertThat(findings)
          .filteredOn(f -> f.kind() == FileFinding.Kind.CONTRADICTORY)
          .extracting(FileFinding::path)
          .containsExactly(FIRST, SECOND);
    }

    @Test
    void aMalformedManifestUnderAMatchingSeal() throws IOException {
      reseal("manifest.json", "{}".getBytes(StandardCharsets.UTF_8));
      assertFound("incomplete", FileFinding.Kind.MALFORMED, "manifest.json");
    }

    private void reseal(String path, byte[] content) throws IOException {
      Files.write(root.resolve(path), content);
      Path seal = root.resolve("tagmanifest-sha256.txt");
      Map<String, Digest> tags =
          new TreeMap<>(DigestList.parse(Files.readAllBytes(seal)).digests());
      tags.put(path, Digest.ofContent(content));
      Files.write(seal, new DigestList(new TreeMap<>(tags)).toBytes());
    }

    private void assertFound(String verdict, FileFinding.Kind kind, String path) {
      VerificationReport report = verify(root);
      assertThat(report.findings())
          .extracting(FileFinding::kind, FileFinding::path)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(kind, path));
      assertThat(report.verdict()).isEqualTo(verdict);
    }
  }

  @Nested
  class EveryDamage {
    @TempDir Path tiny;
    private Digest tinyId = id;

    @BeforeEach
    void sealTiny() throws IOException {
      tinyId = SampleArchive.sealTiny(tiny);
    }

    @Test
    void ofEveryBitIsFoundAndNamed() throws IOException {
      for (Path file : files()) {
        long bits = 8 * Files.size(file);
        for (long bit = 0; bit < bits; bit++) {
          Damage.flip(file, bit);
          assertDamaged(file, "bit " + bit);
          Damage.flip(file, bit);
        }
      }
      assertThat(verify(tiny).valid()).isTrue();
    }

    @Test
    void ofEveryTruncationIsFoundAndNamed() throws IOException {
      for (Path file : files()) {
        byte[] whole = Files.readAllBytes(file);
        for (int length = whole.length - 1; length >= 0; length--) {
          Damage.truncate(file, length);
          assertDamaged(file, "length " + length);
        }
        Files.write(file, whole);
      }
      assertThat(verify(tiny).valid()).isTrue();
    }

    private void assertDamaged(Path file, String where) {
      VerificationReport report = verify(tiny);
      String path = tiny.relativize(file).toString();
      boolean named =
          path.equals(ArchiveLayout.SEAL)
              ? !report.findings().isEmpty() && !report.archiveId().equals(tinyId)
              : report.findings().size() == 1 && report.findings().get(0).path().equals(path);
      assertThat(named).as("%s %s: %s", path, where, report).isTrue();
    }

    private List<Path> files() throws IOException {
      try (Stream<Path> walk = Files.walk(tiny)) {
        return walk.filter(Files::isRegularFile).sorted().toList();
      }
    }
  }

  @Nested
  class WithoutASeal {
    @Test
    void anUnfinishedArchiveIsRefused() throws IOException {
      Files.delete(root.resolve(ArchiveLayout.SEAL));
      assertRefused(root, ErrorCode.ARCHIVE_NOT_SEALED);
    }

    @Test
    void anythingElseIsNoArchive() throws IOException {
      Path empty = Files.createDirectory(root.resolve("empty"));
      assertRefused(empty, ErrorCode.ARCHIVE_NOT_FOUND);
      assertRefused(root.resolve("nowhere"), ErrorCode.ARCHIVE_NOT_FOUND);
    }

    private void assertRefused(Path directory, ErrorCode code) {
      assertThatThrownBy(() -> verify(directory))
          .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code));
      assertThatThrownBy(() -> Archive.open(directory))
          .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
  }

  @Nested
  class Opening {
    @Test
    void givesTheManifestAndTheId() {
      Archive archive = Archive.open(root);
      assertThat(archive.id()).isEqualTo(id);
      assertThat(archive.manifest()).isEqualTo(SampleArchive.manifest());
    }

    @Test
    void refusesAManifestThatWasNotSealed() throws IOException {
      Damage.flip(root.resolve("manifest.json"), 8);
      assertThatThrownBy(() -> Archive.open(root))
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_DAMAGED));
    }
  }

  private static VerificationReport verify(Path directory) {
    return new ArchiveVerifier(Runnable::run, ProgressSink.NONE).verify(directory);
  }
}
