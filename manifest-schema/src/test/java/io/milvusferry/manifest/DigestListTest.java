package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestListTest {
  private static final String D = "a".repeat(64);

  @Test
  void sortsByTheBytesOfThePath() {
    Map<String, Digest> digests = new TreeMap<>();
    for (String path : new String[] {"\ud83d\ude00", "\uffff", "b", "B", "a/b", "a-b"}) {
      digests.put(path, new Digest(D));
    }
    String text =
        new String(new DigestList(new TreeMap<>(digests)).toBytes(), StandardCharsets.UTF_8);
    assertThat(text.lines().map(line -> line.substring(66)))
        .containsExactly("B", "a-b", "a/b", "b", "\uffff", "\ud83d\ude00");
    assertThat(new String(parse(text).toBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "D  a", // no line feed
        "D a\n",
        "D *a\n",
        "D  \n",
        "D  ../a\n",
        "D  /a\n",
        "D  a%0A\n",
        "D  a\r\n",
        "D  b\nD  a\n",
        "D  a\nD  a\n",
        "\n",
        "X  a\n"
      })
  void refusesWhatSha256sumWouldNotWrite(String text) {
    String lines = text.replace("D", D).replace("X", "A".repeat(64));
    assertThatThrownBy(() -> parse(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line ");
  }

  private static DigestList parse(String text) {
    return DigestList.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
