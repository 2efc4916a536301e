package io.milvusferry.transfer.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.manifest.ArchiveLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileBundleTest {
  private static final String GOOD = "data/0001-a/p0000/part-00000.parquet";

  @TempDir Path dir;

  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(dir.resolve("root"));
    Files.writeString(dir.resolve("canary"), "alive");
  }

  private void unpack(byte[] tar) throws IOException, UnsafeBundleException {
    try (BundleReader reader = new BundleReader(new ArchiveLayout(root), 1 << 20, Position.START)) {
      for (int i = 0; i < tar.length; i += 1000) {
        reader.accept(tar, i, Math.min(1000, tar.length - i));
      }
      reader.finish();
    }
  }

  private static byte[] entries(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        tar.write(new byte[(int) entry.getSize()]);
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }

  private static TarArchiveEntry file(String path) {
    TarArchiveEntry entry = new TarArchiveEntry(path, true);
    entry.setSize(10);
    entry.setMode(0100644);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }

  private void assertRefused(byte[] tar) throws IOException {
    assertThatThrownBy(() -> unpack(tar)).isInstanceOf(UnsafeBundleException.class);
    assertThat(Files.readString(dir.resolve("canary"))).isEqualTo("alive");
    try (Stream<Path> outside = Files.list(dir)) {
      assertThat(outside).hasSize(2);
    }
  }

  @Test
  void takesWhatAnArchiveHolds() throws IOException, UnsafeBundleException {
    unpack(entries(file(GOOD), file("manifest.json"), file(ArchiveLayout.SEAL)));
    assertThat(root.resolve(GOOD)).hasSize(10);
    assertThat(root.resolve(ArchiveLayout.SEAL)).doesNotExist();
    assertThat(root.resolve(ArchiveLayout.SEAL + ".partial")).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../canary",
        "data/../../canary",
        "/tmp/ferry-canary",
        "data/0001-a/p0000/../../../canary",
        "data/./part.parquet",
        "data//part.parquet",
        "data/A/p0000/part-00000.parquet",
        "C:/canary",
        "data\\..\\canary",
        "data/_hidden/part.parquet",
        "data/.hidden/part.parquet",
        "data/a=b/part.parquet",
        "data/nul\u0000/part.parquet",
        "data/schön/part.parquet",
        "data/a/b/c/d/e/f/part.parquet",
        "data/a/part.parquet.partial",
        "elsewhere/part.parquet",
        "data",
        "ferry.journal",
        "ferry.lock",
        "ferry.spool/bundle.json",
        " "
      })
  void refusesAPathThatIsNoneOfAnArchive(String path) throws IOException {
    assertRefused(entries(file(path)));
  }

  @Test
  void refusesAVeryLongPath() throws IOException {
    assertRefused(entries(file("data/" + "a".repeat(300) + "/part.parquet")));
  }

  static Stream<Byte> typesOfEntries() {
    return Stream.of(
        TarConstants.LF_LINK,
        TarConstants.LF_SYMLINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_DIR,
        TarConstants.LF_FIFO,
        TarConstants.LF_CONTIG,
        TarConstants.LF_OLDNORM,
        TarConstants.LF_GNUTYPE_SPARSE,
        TarConstants.LF_GNUTYPE_LONGNAME,
        TarConstants.LF_GNUTYPE_LONGLINK,
        TarConstants.LF_PAX_EXTENDED_HEADER_LC);
  }

  @ParameterizedTest
  @MethodSource("typesOfEntries")
  void refusesWhatIsNotAPlainFile(byte type) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(GOOD, type);
    entry.setLinkName("/etc/passwd");
    entry.setSize(0);
    assertRefused(entries(entry));
  }

  @Test
  void refusesEveryTypeButTheOneOfPlainFiles() throws IOException {
    byte[] good = entries(file(GOOD));
    for (int type = 0; type < 256; type++) {
      if (type != '0') {
        byte[] tar = good.clone();
        tar[156] = (byte) type;
        assertRefused(tar);
      }
    }
  }

  @Test
  void refusesTheSameFileTwice() throws IOException {
    assertRefused(entries(file(GOOD), file(GOOD)));
  }

  @Test
  void refusesPartsAfterTheSeal() throws IOException {
    assertRefused(entries(file(ArchiveLayout.SEAL), file(GOOD)));
  }

  @Test
  void refusesAnotherOwnerTimeOrMode() throws IOException {
    TarArchiveEntry owned = file(GOOD);
    owned.setIds(1000, 1000);
    TarArchiveEntry dated = file(GOOD);
    dated.setModTime(1_000_000L);
    TarArchiveEntry executable = file(GOOD);
    executable.setMode(0100755);
    for (TarArchiveEntry entry : List.of(owned, dated, executable)) {
      assertRefused(entries(entry));
    }
  }

  @Test
  void refusesAFileThatIsLargerThanTheBundle() throws IOException {
    byte[] tar = entries(file(GOOD));
    byte[] header = TarEntry.header(GOOD, 1L << 40);
    assertThat(header.length).isGreaterThan(512);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header);
    out.write(tar, 512, tar.length - 512);
    assertRefused(out.toByteArray());
  }

  @Test
  void refusesAStreamThatEndsEarly() throws IOException {
    byte[] tar = entries(file(GOOD), file(ArchiveLayout.SEAL));
    for (int length : new int[] {0, 1, 511, 512, 600, 1024, 1100, 2047, 2048, 2560}) {
      assertThatThrownBy(() -> unpack(java.util.Arrays.copyOf(tar, length)))
          .as("%d bytes", length)
          .isInstanceOf(UnsafeBundleException.class);
    }
  }

  @Test
  void refusesBytesAfterTheEnd() throws IOException {
    byte[] tar = entries(file(GOOD), file(ArchiveLayout.SEAL));
    byte[] longer = java.util.Arrays.copyOf(tar, tar.length + 512);
    longer[longer.length - 1] = 1;
    assertRefused(longer);
  }

  @Test
  void refusesToWriteThroughALinkInTheDirectory() throws IOException {
    Files.createDirectory(dir.resolve("outside"));
    Files.createSymbolicLink(root.resolve("data"), dir.resolve("outside"));
    assertThatThrownBy(() -> unpack(entries(file(GOOD)))).isInstanceOf(UnsafeBundleException.class);
    try (Stream<Path> files = Files.walk(dir.resolve("outside"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void refusesGarbage() throws IOException {
    assertRefused("this is no tar at all".repeat(100).getBytes(StandardCharsets.UTF_8));
  }
}
