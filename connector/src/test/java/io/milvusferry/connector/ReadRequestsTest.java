package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DslType;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.SearchRequest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReadRequestsTest {
  @Test
  void aQueryIsWhatProtobufReads() throws IOException {
    QueryRequest request =
        QueryRequest.newBuilder()
            .setDbName("default")
            .setCollectionName("dïngs")
            .setExpr("id > -9223372036854775808")
            .addOutputFields("id")
            .addOutputFields("")
            .addPartitionNames("_default")
            .setGuaranteeTimestamp(-1)
            .addQueryParams(SchemaTranslator.pair("limit", "1000"))
            .addQueryParams(SchemaTranslator.pair("iterator", "False"))
            .setConsistencyLevel(ConsistencyLevel.Customized)
            .setUseDefaultConsistency(true)
            .build();

    assertThat(QueryRequest.parseFrom(ReadRequests.QUERY.stream(request))).isEqualTo(request);
    assertThat(ReadRequests.QUERY.stream(QueryRequest.getDefaultInstance()).readAllBytes())
        .isEmpty();
  }

  @Test
  void aSearchIsWhatProtobufReads() throws IOException {
    SearchRequest request =
        SearchRequest.newBuilder()
            .setDbName("default")
            .setCollectionName("things")
            .addPartitionNames("_default")
            .setDsl("id > 3")
            .setPlaceholderGroup(ByteString.copyFrom(new byte[] {1, 2, 3}))
            .setDslType(DslType.BoolExprV1)
            .addOutputFields("id")
            .addSearchParams(SchemaTranslator.pair("topk", "10"))
            .setGuaranteeTimestamp(Long.MAX_VALUE)
            .setNq(10)
            .setConsistencyLevel(ConsistencyLevel.Eventually)
            .setUseDefaultConsistency(true)
            .build();

    assertThat(SearchRequest.parseFrom(ReadRequests.SEARCH.stream(request))).isEqualTo(request);
  }
}
