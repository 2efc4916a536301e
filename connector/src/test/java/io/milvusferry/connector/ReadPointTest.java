package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.QueryRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadPointTest {
  @Test
  void neverLeavesTheLevelToTheCollection() {
    for (ReadPoint point : List.of(ReadPoint.STRONG, ReadPoint.EVENTUAL, ReadPoint.at(7))) {
      QueryRequest.Builder request = QueryRequest.newBuilder().setUseDefaultConsistency(true);

      assertThat(point.apply(request).build().getUseDefaultConsistency()).as("%s", point).isFalse();
    }
  }

  @Test
  void atATimestampAsksForThatTimestampAndNoOther() {
    QueryRequest request =
        ReadPoint.at(470655370770251779L).apply(QueryRequest.newBuilder()).build();

    assertThat(request.getConsistencyLevel()).isEqualTo(ConsistencyLevel.Customized);
    assertThat(request.getGuaranteeTimestamp()).isEqualTo(470655370770251779L);
  }

  @Test
  void strongAndEventualAskForNoTimestamp() {
    QueryRequest strong = ReadPoint.STRONG.apply(QueryRequest.newBuilder()).build();
    QueryRequest eventual = ReadPoint.EVENTUAL.apply(QueryRequest.newBuilder()).build();

    assertThat(strong.getConsistencyLevel()).isEqualTo(ConsistencyLevel.Strong);
    assertThat(eventual.getConsistencyLevel()).isEqualTo(ConsistencyLevel.Eventually);
    assertThat(strong.getGuaranteeTimestamp()).isZero();
    assertThat(eventual.getGuaranteeTimestamp()).isZero();
  }
}
