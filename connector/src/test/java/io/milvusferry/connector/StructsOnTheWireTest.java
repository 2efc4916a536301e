package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceImplBase;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowFingerprint;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A collection with structs is made, filled and read again, by a server that keeps messages. */
class StructsOnTheWireTest {
  private static final CollectionName NAME = new CollectionName("default", "films");
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final io.milvusferry.manifest.CollectionSchema SCHEMA =
      new io.milvusferry.manifest.CollectionSchema(
          false,
          List.of(
              KEY,
              FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "4")),
              SampleBatches.structs()));

  @Test
  void everyStructComesBackFromTheServerThatTookIt() {
    RecordBatch sent = new SampleBatches(3).batch(SCHEMA.rowFields(), 1, 50);
    Keeping service = new Keeping();
    try (LoopbackServer server = new LoopbackServer(service);
        ServerChannel channel = new ServerChannel(server.settings())) {
      MilvusTarget target = new MilvusTarget(channel, NAME);
      target.create(description(), Map.of());
      target.insert("", sent);
      MilvusSource source = new MilvusSource(channel, NAME, Throttle.NONE);

      assertThat(source.describe().schema()).isEqualTo(SCHEMA);
      RecordBatch read =
          Objects.requireNonNull(source.scan(new Slice("_default", KeyRange.ALL), Set.of()).next());

      assertThat(fingerprint(read)).isEqualTo(fingerprint(sent));
      assertThat(service.queries.get(0).getOutputFieldsList())
          .containsExactly("id", "v", "structs");
    }
  }

  @Test
  void theirVectorsGetTemporaryIndexesByNamesThatServersTake() {
    Keeping service = new Keeping();
    try (LoopbackServer server = new LoopbackServer(service);
        ServerChannel channel = new ServerChannel(server.settings())) {
      new MilvusTarget(channel, NAME).create(description(), Map.of());

      new MilvusSource(channel, NAME, Throttle.NONE)
          .createTemporaryIndexes("ferry_1", Duration.ofSeconds(5));

      assertThat(service.indexes)
          .extracting(CreateIndexRequest::getFieldName)
          .contains("v", "structs[m_FLOAT_VECTOR]", "structs[m_BINARY_VECTOR]");
      assertThat(service.indexes)
          .extracting(CreateIndexRequest::getIndexName)
          .allMatch(name -> name.matches("ferry_1_\\w+"))
          .doesNotHaveDuplicates();
      assertThat(service.indexes)
          .filteredOn(index -> index.getFieldName().equals("structs[m_FLOAT_VECTOR]"))
          .flatExtracting(CreateIndexRequest::getExtraParamsList)
          .contains(SchemaTranslator.pair("metric_type", "MAX_SIM_IP"));
    }
  }

  @Test
  void anIndexThatTheServerNamedItselfIsAskedForWithoutAName() {
    Keeping service = new Keeping();
    try (LoopbackServer server = new LoopbackServer(service);
        ServerChannel channel = new ServerChannel(server.settings())) {
      MilvusTarget target = new MilvusTarget(channel, NAME);

      target.createIndex(index("structs[v]", "structs[v]"));
      target.createIndex(index("structs[v]", "by_clip"));
      target.createIndex(index("v", "v"));

      assertThat(service.indexes)
          .extracting(CreateIndexRequest::getIndexName)
          .containsExactly("", "by_clip", "v");
    }
  }

  private static IndexSpec index(String field, String name) {
    return new IndexSpec(field, name, "HNSW", "MAX_SIM_IP", new TreeMap<>());
  }

  private static Object fingerprint(RecordBatch batch) {
    RowFingerprint sum = new RowFingerprint(SCHEMA.rowFields());
    sum.add(batch);
    return sum.total();
  }

  private static CollectionDescription description() {
    return new CollectionDescription(
        NAME,
        "",
        SCHEMA,
        List.of(),
        List.of("_default"),
        0,
        List.of(),
        new TreeMap<>(),
        1,
        "Strong",
        LoadState.NOT_LOADED,
        0,
        List.of());
  }

  /** Keeps one schema, the rows of one insert, which it gives back once, and indexes. */
  private static final class Keeping extends MilvusServiceImplBase {
    private final List<QueryRequest> queries = new CopyOnWriteArrayList<>();
    private final List<CreateIndexRequest> indexes = new CopyOnWriteArrayList<>();
    private final List<FieldData> rows = new CopyOnWriteArrayList<>();
    private volatile CollectionSchema schema = CollectionSchema.getDefaultInstance();

    private static <T> void answer(StreamObserver<T> observer, T answer) {
      observer.onNext(answer);
      observer.onCompleted();
    }

    @Override
    public void createCollection(CreateCollectionRequest request, StreamObserver<Status> observer) {
      try {
        schema = CollectionSchema.parseFrom(request.getSchema());
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
      answer(observer, Status.getDefaultInstance());
    }

    @Override
    public void describeCollection(
        DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> observer) {
      answer(observer, DescribeCollectionResponse.newBuilder().setSchema(schema).build());
    }

    @Override
    public void insert(InsertRequest request, StreamObserver<MutationResult> observer) {
      rows.addAll(request.getFieldsDataList());
      answer(observer, MutationResult.newBuilder().setInsertCnt(request.getNumRows()).build());
    }

    @Override
    public void query(QueryRequest request, StreamObserver<QueryResults> observer) {
      queries.add(request);
      List<FieldData> given = new ArrayList<>(rows);
      rows.clear();
      answer(observer, QueryResults.newBuilder().addAllFieldsData(given).build());
    }

    @Override
    public void showPartitions(
        ShowPartitionsRequest request, StreamObserver<ShowPartitionsResponse> observer) {
      answer(
          observer,
          ShowPartitionsResponse.newBuilder()
              .addPartitionNames("_default")
              .addPartitionIDs(1)
              .build());
    }

    @Override
    public void getLoadState(
        GetLoadStateRequest request, StreamObserver<GetLoadStateResponse> observer) {
      answer(
          observer,
          GetLoadStateResponse.newBuilder()
              .setState(io.milvus.grpc.LoadState.LoadStateNotLoad)
              .build());
    }

    @Override
    public void createIndex(CreateIndexRequest request, StreamObserver<Status> observer) {
      indexes.add(request);
      answer(observer, Status.getDefaultInstance());
    }

    @Override
    public void describeIndex(
        DescribeIndexRequest request, StreamObserver<DescribeIndexResponse> observer) {
      DescribeIndexResponse.Builder all = DescribeIndexResponse.newBuilder();
      for (CreateIndexRequest index : indexes) {
        all.addIndexDescriptions(
            IndexDescription.newBuilder()
                .setFieldName(index.getFieldName())
                .setIndexName(index.getIndexName())
                .setState(IndexState.Finished));
      }
      answer(observer, all.build());
    }
  }
}
