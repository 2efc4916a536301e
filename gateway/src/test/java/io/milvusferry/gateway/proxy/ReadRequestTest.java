package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.HybridSearchRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.SearchRequest;
import io.milvusferry.manifest.CollectionName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadRequestTest {
  private static final Described BOUNDED =
      new Described(
          new CollectionName("default", "c"), "id", true, false, ConsistencyLevel.Bounded, "1");

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  @ParameterizedTest
  @CsvSource({
    "iterator, True",
    "search_iter_v2, true",
    "collection_id, 44",
    "offset, 10",
    "radius, 1.0",
    "params, {\"range_filter\": 3}"
  })
  void pinsWhatIsAPageOfSomething(String key, String value) {
    byte[] search =
        SearchRequest.newBuilder().addSearchParams(pair(key, value)).build().toByteArray();

    assertThat(ReadRequest.parse(ReadKind.SEARCH, search).pinned()).isTrue();
  }

  @Test
  void pinsAHybridSearchForOneOfItsSearches() {
    HybridSearchRequest request =
        HybridSearchRequest.newBuilder()
            .addRequests(SearchRequest.newBuilder().addSearchParams(pair("offset", "3")))
            .build();

    assertThat(ReadRequest.parse(ReadKind.HYBRID_SEARCH, request.toByteArray()).pinned()).isTrue();
  }

  @Test
  void leavesOrdinaryReadsFree() {
    byte[] query =
        QueryRequest.newBuilder()
            .addQueryParams(pair("limit", "10"))
            .addQueryParams(pair("offset", "0"))
            .build()
            .toByteArray();

    assertThat(ReadRequest.parse(ReadKind.QUERY, query).pinned()).isFalse();
  }

  @Test
  void understandsLevelsAsServersDo() {
    assertThat(freshness(QueryRequest.newBuilder().setUseDefaultConsistency(true)))
        .isEqualTo(ConsistencyLevel.Bounded);
    assertThat(freshness(QueryRequest.newBuilder().setGuaranteeTimestamp(1)))
        .isEqualTo(ConsistencyLevel.Eventually);
    assertThat(freshness(QueryRequest.newBuilder().setGuaranteeTimestamp(2)))
        .isEqualTo(ConsistencyLevel.Bounded);
    assertThat(freshness(QueryRequest.newBuilder().setGuaranteeTimestamp(1L << 40)))
        .isEqualTo(ConsistencyLevel.Customized);
    assertThat(freshness(QueryRequest.newBuilder())).isEqualTo(ConsistencyLevel.Strong);
    assertThat(
            freshness(
                QueryRequest.newBuilder()
                    .setConsistencyLevel(ConsistencyLevel.Session)
                    .setGuaranteeTimestamp(1L << 40)))
        .isEqualTo(ConsistencyLevel.Session);
  }

  private static ConsistencyLevel freshness(QueryRequest.Builder query) {
    return ReadRequest.parse(ReadKind.QUERY, query.build().toByteArray()).freshness(BOUNDED);
  }
}
