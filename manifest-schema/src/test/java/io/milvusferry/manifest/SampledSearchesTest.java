package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.parity.SampledSearch;
import io.milvusferry.parity.SampledSearch.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampledSearchesTest {
  private static final SampledSearch SEARCH =
      new SampledSearch(
          "v",
          "L2",
          "HNSW",
          2,
          List.of(
              new Query("1", new byte[] {0, -1}, List.of("1", "2", "3"), List.of("1", "9")),
              new Query("quote \" ü", new byte[0], List.of(), List.of("4", "5"))));

  @Test
  void comeBackAsTheyWere() throws IOException {
    List<SampledSearch> read = SampledSearches.read(SampledSearches.toBytes(List.of(SEARCH)));

    assertThat(read).usingRecursiveComparison().isEqualTo(List.of(SEARCH));
  }

  @Test
  void areNotReadFromAnythingElse() {
    for (String text :
        List.of("", "{}", "[{}]", "[{\"field\":\"v\"}]", "[1]", "[", "[] trailing [")) {
      assertThatThrownBy(() -> SampledSearches.read(text.getBytes(StandardCharsets.UTF_8)))
          .as(text)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void countWhatWasFoundOfTheExactNeighboursOrOfTheSourcesAnswers() {
    assertThat(SEARCH.overlap(List.of(List.of("2", "3"), List.of("4", "5")))).isEqualTo(1.0);
    assertThat(SEARCH.overlap(List.of(List.of("2", "8"), List.of("5", "4")))).isEqualTo(0.75);
    assertThat(SEARCH.overlap(List.of(List.of(), List.of()))).isZero();
    assertThat(SEARCH.sourceOverlap()).hasValue(0.75);
  }
}
