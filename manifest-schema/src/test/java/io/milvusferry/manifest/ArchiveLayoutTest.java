package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveLayoutTest {
  private final ArchiveLayout layout = new ArchiveLayout(Path.of("/a"));

  @ParameterizedTest
  @CsvSource({
    "1, products, 0001-products",
    "2, _default, 0002-default",
    "3, 'Caf\u00e9=Bar', 0003-cafe-bar",
    "4, \u4e2d\u6587, 0004-collection",
    "12345, x, 12345-x",
    "5, ../../etc/passwd, 0005-etc-passwd",
    "6, aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee, 0006-aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"
  })
  void aFolderIsANumberAndASlug(int number, String name, String folder) {
    assertThat(ArchiveLayout.directoryName(number, name)).isEqualTo(folder);
  }

  @Test
  void pathsAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"tr-TR", "ar-EG-u-nu-arab", "en-US"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(ArchiveLayout.directoryName(7, "INDEX")).as(tag).isEqualTo("0007-index");
        assertThat(ArchiveLayout.partPath("0007-index", 12, 345))
            .as(tag)
            .isEqualTo("data/0007-index/p0012/part-00345.parquet");
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/etc", "..", "a/../b", "a//b", "a/", "./a", "a\\b", "a\0b", "data/..", "a/."})
  void refusesPathsThatMeanSomethingElse(String path) {
    assertThatThrownBy(() -> layout.resolve(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("path leaves the archive");
  }

  @Test
  void resolvesPathsBelowTheRoot() {
    assertThat(layout.resolve(ArchiveLayout.bucketsPath("0001-x")))
        .isEqualTo(Path.of("/a/meta/0001-x.buckets"));
    assertThat(layout.resolve(ArchiveLayout.rawPath("0001-x", "describe")))
        .isEqualTo(Path.of("/a/meta/0001-x.describe.pb"));
    assertThat(layout.seal()).isEqualTo(Path.of("/a/tagmanifest-sha256.txt"));
  }
}
