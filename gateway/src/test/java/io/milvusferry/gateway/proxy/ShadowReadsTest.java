package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.IDs;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowReadsTest {
  private static byte[] hits(List<Long> topks, Long... ids) {
    return SearchResults.newBuilder()
        .setResults(
            SearchResultData.newBuilder()
                .addAllTopks(topks)
                .setIds(IDs.newBuilder().setIntId(LongArray.newBuilder().addAllData(List.of(ids)))))
        .build()
        .toByteArray();
  }

  @Test
  void recallIsTheShareOfExpectedHitsThatWereFoundByTheSameQuery() {
    byte[] expected = hits(List.of(2L, 2L), 1L, 2L, 3L, 4L);

    assertThat(ShadowReads.recall(expected, expected)).isEqualTo(1);
    assertThat(ShadowReads.recall(expected, hits(List.of(2L, 2L), 2L, 9L, 4L, 3L))).isEqualTo(0.75);
    assertThat(ShadowReads.recall(expected, hits(List.of(2L, 2L), 3L, 4L, 1L, 2L))).isZero();
    assertThat(ShadowReads.recall(expected, hits(List.of(1L), 1L))).isEqualTo(0.25);
  }

  @Test
  void nothingToFindIsFoundWhole() {
    assertThat(ShadowReads.recall(hits(List.of()), hits(List.of()))).isEqualTo(1);
  }
}
