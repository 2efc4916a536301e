package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvus.grpc.VectorField;
import io.milvusferry.manifest.CollectionName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A collection with an int64 key {@code id}, a number {@code x} and a vector {@code v}. */
record LiveRows(String name, boolean autoId, int dimension) {
  static LiveRows of(String name) {
    return new LiveRows("gw_" + name + "_" + Long.toString(System.nanoTime(), 36), false, 4);
  }

  LiveRows withAutoId() {
    return new LiveRows(name, true, dimension);
  }

  LiveRows withDimension(int other) {
    return new LiveRows(name, autoId, other);
  }

  CollectionName collection() {
    return new CollectionName(CollectionName.DEFAULT_DATABASE, name);
  }

  void create(MilvusServiceBlockingStub server) {
    CollectionSchema schema =
        CollectionSchema.newBuilder()
            .setName(name)
            .addFields(
                FieldSchema.newBuilder()
                    .setName("id")
                    .setDataType(DataType.Int64)
                    .setIsPrimaryKey(true)
                    .setAutoID(autoId))
            .addFields(FieldSchema.newBuilder().setName("x").setDataType(DataType.Int64))
            .addFields(
                FieldSchema.newBuilder()
                    .setName("v")
                    .setDataType(DataType.FloatVector)
                    .addTypeParams(pair("dim", Integer.toString(dimension))))
            .build();
    done(
        server.createCollection(
            CreateCollectionRequest.newBuilder()
                .setCollectionName(name)
                .setSchema(schema.toByteString())
                .setShardsNum(2)
                .setConsistencyLevel(ConsistencyLevel.Bounded)
                .build()));
    done(
        server.createIndex(
            CreateIndexRequest.newBuilder()
                .setCollectionName(name)
                .setFieldName("v")
                .addExtraParams(pair("index_type", "FLAT"))
                .addExtraParams(pair("metric_type", "L2"))
                .build()));
    done(
        server.loadCollection(
            LoadCollectionRequest.newBuilder()
                .setCollectionName(name)
                .setReplicaNumber(1)
                .build()));
  }

  void drop(MilvusServiceBlockingStub server) {
    done(server.dropCollection(DropCollectionRequest.newBuilder().setCollectionName(name).build()));
  }

  /** Rows with these keys, and {@code x} for all of them. */
  InsertRequest insert(List<Long> keys, long x) {
    InsertRequest.Builder request =
        InsertRequest.newBuilder().setCollectionName(name).setNumRows(keys.size());
    fields(keys, x).forEach(request::addFieldsData);
    return request.build();
  }

  UpsertRequest upsert(List<Long> keys, long x) {
    UpsertRequest.Builder request =
        UpsertRequest.newBuilder().setCollectionName(name).setNumRows(keys.size());
    fields(keys, x).forEach(request::addFieldsData);
    return request.build();
  }

  DeleteRequest delete(String expression) {
    return DeleteRequest.newBuilder().setCollectionName(name).setExpr(expression).build();
  }

  private List<FieldData> fields(List<Long> keys, long x) {
    FloatArray.Builder vectors = FloatArray.newBuilder();
    LongArray.Builder numbers = LongArray.newBuilder();
    for (long key : keys) {
      numbers.addData(x);
      for (int i = 0; i < dimension; i++) {
        vectors.addData((float) (key + i));
      }
    }
    FieldData vector =
        FieldData.newBuilder()
            .setFieldName("v")
            .setType(DataType.FloatVector)
            .setVectors(VectorField.newBuilder().setDim(dimension).setFloatVector(vectors))
            .build();
    FieldData number = longs("x", numbers);
    return autoId
        ? List.of(number, vector)
        : List.of(longs("id", LongArray.newBuilder().addAllData(keys)), number, vector);
  }

  private static FieldData longs(String field, LongArray.Builder values) {
    return FieldData.newBuilder()
        .setFieldName(field)
        .setType(DataType.Int64)
        .setScalars(ScalarField.newBuilder().setLongData(values))
        .build();
  }

  QueryRequest.Builder query(String expression, ConsistencyLevel level) {
    return QueryRequest.newBuilder()
        .setCollectionName(name)
        .setExpr(expression)
        .addOutputFields("id")
        .addOutputFields("x")
        .setConsistencyLevel(level);
  }

  /** The ten nearest rows. */
  SearchRequest.Builder search(ConsistencyLevel level) {
    ByteBuffer vector = ByteBuffer.allocate(4 * dimension).order(ByteOrder.LITTLE_ENDIAN);
    PlaceholderGroup group =
        PlaceholderGroup.newBuilder()
            .addPlaceholders(
                PlaceholderValue.newBuilder()
                    .setTag("$0")
                    .setType(PlaceholderType.FloatVector)
                    .addValues(ByteString.copyFrom(vector.array())))
            .build();
    return SearchRequest.newBuilder()
        .setCollectionName(name)
        .setNq(1)
        .setPlaceholderGroup(group.toByteString())
        .setDslType(io.milvus.grpc.DslType.BoolExprV1)
        .setConsistencyLevel(level)
        .addSearchParams(pair("anns_field", "v"))
        .addSearchParams(pair("topk", "10"))
        .addSearchParams(pair("metric_type", "L2"))
        .addSearchParams(pair("round_decimal", "-1"))
        .addSearchParams(pair("params", "{}"));
  }

  /** {@code x} of every row, by key, at Strong consistency. */
  SortedMap<Long, Long> all(MilvusServiceBlockingStub server) {
    QueryResults found = server.query(query("id > -1000000000", ConsistencyLevel.Strong).build());
    done(found.getStatus());
    return rows(found);
  }

  static SortedMap<Long, Long> rows(QueryResults found) {
    SortedMap<Long, Long> rows = new TreeMap<>();
    List<Long> keys = longs(found, "id");
    List<Long> numbers = longs(found, "x");
    for (int i = 0; i < keys.size(); i++) {
      rows.put(keys.get(i), numbers.get(i));
    }
    return rows;
  }

  private static List<Long> longs(QueryResults found, String field) {
    return found.getFieldsDataList().stream()
        .filter(data -> data.getFieldName().equals(field))
        .findFirst()
        .orElseThrow()
        .getScalars()
        .getLongData()
        .getDataList();
  }

  static void done(Status status) {
    assertThat(status.getReason()).isEmpty();
    assertThat(status.getCode()).isZero();
  }

  static MutationResult done(MutationResult result) {
    done(result.getStatus());
    return result;
  }

  static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
