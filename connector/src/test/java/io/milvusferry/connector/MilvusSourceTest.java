package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceImplBase;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MilvusSourceTest {
  private static final CollectionName NAME = new CollectionName("sales", "a");

  @Test
  void countsAtStrongConsistencyInTheDatabaseAndPartitionAskedFor() {
    Querying service = new Querying(counted(42));

    Optional<Long> count = ask(service, source -> source.count("2024"));

    assertThat(count).contains(42L);

    QueryRequest request = service.queries.get(0);
    assertThat(request.getConsistencyLevel()).isEqualTo(ConsistencyLevel.Strong);
    assertThat(request.getUseDefaultConsistency()).isFalse();
    assertThat(request.getDbName()).isEqualTo("sales");
    assertThat(request.getPartitionNamesList()).containsExactly("2024");
    assertThat(request.getOutputFieldsList()).containsExactly("count(*)");
  }

  @Test
  void hasNoCountWhereTheServerTakesItForAField() {
    Querying service = new Querying(refusal(1, "field count(*) not exist"));

    Optional<Long> count = ask(service, source -> source.count());

    assertThat(count).isEmpty();
  }

  @Test
  void hasNoCountWhereTheServerCannotQueryThat() {
    Querying service = new Querying(refusal(1, "aggregation is not supported"));

    Optional<Long> count = ask(service, source -> source.count());

    assertThat(count).isEmpty();
  }

  @Test
  void doesNotTakeAnotherFailureForAServerThatCannotCount() {
    Querying service = new Querying(refusal(65535, "field id not exist"));

    FerryException failure =
        catchThrowableOfType(FerryException.class, () -> ask(service, source -> source.count()));

    assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_REFUSED);
  }

  @Test
  void refusesACountThatIsNoNumber() {
    Querying service = new Querying(QueryResults.getDefaultInstance());

    FerryException failure =
        catchThrowableOfType(FerryException.class, () -> ask(service, source -> source.count()));

    assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_REFUSED);
    assertThat(failure).hasMessageContaining("count(*)");
  }

  @Test
  void plansOneSliceForEachPartitionWhereTheServerCannotCount() {
    Querying service = new Querying(refusal(1, "field count(*) not exist"));

    List<Slice> slices = ask(service, source -> source.slices(8));

    assertThat(slices)
        .containsExactly(new Slice("_default", KeyRange.ALL), new Slice("2024", KeyRange.ALL));
  }

  @Test
  void hasNoTimestampAndNoSegmentsWhereTheServerKnowsNone() {
    Querying service = new Querying(counted(1));

    Optional<Long> timestamp = ask(service, source -> source.timestamp());
    Optional<List<SegmentState>> segments = ask(service, source -> source.segments());

    assertThat(timestamp).isEmpty();
    assertThat(segments).isEmpty();
  }

  @Test
  void readsAtStrongConsistencyWhereTheServerGivesNoTimestamp() {
    Querying service = new Querying(QueryResults.getDefaultInstance());

    Object end =
        ask(
            service,
            source ->
                Optional.ofNullable(
                    source.scan(new Slice("2024", KeyRange.ALL), java.util.Set.of()).next()));

    assertThat(end).isEqualTo(Optional.empty());
    QueryRequest request = service.queries.get(0);
    assertThat(request.getConsistencyLevel()).isEqualTo(ConsistencyLevel.Strong);
    assertThat(request.getUseDefaultConsistency()).isFalse();
    assertThat(request.getQueryParamsList()).extracting("key").containsExactly("limit", "iterator");
    assertThat(request.getOutputFieldsList()).containsExactly("id");
  }

  private static <T> T ask(Querying service, Function<MilvusSource, T> question) {
    try (LoopbackServer server = new LoopbackServer(service);
        ServerChannel channel = new ServerChannel(server.settings())) {
      return question.apply(new MilvusSource(channel, NAME, Throttle.NONE));
    }
  }

  private static QueryResults counted(long rows) {
    return QueryResults.newBuilder()
        .addFieldsData(
            FieldData.newBuilder()
                .setFieldName("count(*)")
                .setScalars(
                    ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(rows))))
        .build();
  }

  private static QueryResults refusal(int code, String reason) {
    return QueryResults.newBuilder()
        .setStatus(Status.newBuilder().setCode(code).setReason(reason))
        .build();
  }

  /** Has one collection with an int64 key and two partitions; gives every query the same answer. */
  private static final class Querying extends MilvusServiceImplBase {
    private final List<QueryRequest> queries = new CopyOnWriteArrayList<>();
    private final QueryResults answer;

    Querying(QueryResults answer) {
      this.answer = answer;
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResults> observer) {
      queries.add(request);
      observer.onNext(answer);
      observer.onCompleted();
    }

    @Override
    public void describeCollection(
        DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> observer) {
      CollectionSchema schema =
          new CollectionSchema(
              false, List.of(FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false)));
      observer.onNext(
          DescribeCollectionResponse.newBuilder()
              .setSchema(SchemaTranslator.toServer("a", "", schema))
              .build());
      observer.onCompleted();
    }

    @Override
    public void showPartitions(
        ShowPartitionsRequest request, StreamObserver<ShowPartitionsResponse> observer) {
      observer.onNext(
          ShowPartitionsResponse.newBuilder()
              .addPartitionNames("2024")
              .addPartitionIDs(2)
              .addPartitionNames("_default")
              .addPartitionIDs(1)
              .build());
      observer.onCompleted();
    }
  }
}
