package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import io.milvus.grpc.DslType;
import io.milvus.grpc.IDs;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.SearchResults;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.stub.ClientCalls;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import java.util.ArrayList;
import java.util.List;

/** Searches of a collection for the neighbours of vectors. */
final class VectorSearch {
  /** Breadth of the search for every kind of index that takes one; others pass over it. */
  private static final int BREADTH = 64;

  private static final MethodDescriptor<SearchRequest, SearchResults> SEARCH =
      MilvusServiceGrpc.getSearchMethod().toBuilder(
              ReadRequests.SEARCH, MilvusServiceGrpc.getSearchMethod().getResponseMarshaller())
          .build();

  private final ServerChannel channel;
  private final CollectionName name;

  VectorSearch(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
  }

  /**
   * Keys of the nearest rows for each value, nearest first; see {@link CollectionSource#search}.
   *
   * @param held the field that the column is of
   * @param point how much the search has to see
   */
  List<List<Key>> nearest(
      IndexSpec index, FieldSpec held, Column column, int limit, ReadPoint point) {
    SearchRequest request =
        SearchRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setDslType(DslType.BoolExprV1)
            .setPlaceholderGroup(placeholders(held.type(), column))
            .addSearchParams(SchemaTranslator.pair("anns_field", index.field()))
            .addSearchParams(SchemaTranslator.pair("topk", Integer.toString(limit)))
            .addSearchParams(SchemaTranslator.pair("metric_type", index.metric()))
            .addSearchParams(SchemaTranslator.pair("params", params(limit)))
            .addSearchParams(SchemaTranslator.pair("round_decimal", "-1"))
            .setNq(column.rows())
            .setUseDefaultConsistency(false)
            .setConsistencyLevel(point.level())
            .setGuaranteeTimestamp(point.guarantee())
            .build();
    SearchResults answer =
        channel.call(
            name.database(),
            "Search of " + name,
            stub ->
                ClientCalls.blockingUnaryCall(
                    stub.getChannel(), SEARCH, stub.getCallOptions(), request),
            SearchResults::getStatus);
    return perQuery(
        keys(answer.getResults().getIds()), answer.getResults().getTopksList(), column.rows());
  }

  private List<List<Key>> perQuery(List<Key> all, List<Long> counts, int queries) {
    long total = counts.stream().mapToLong(Long::longValue).sum();
    if (counts.size() != queries || total != all.size()) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "Search of %s answered %d keys for %d of %d queries"
              .formatted(name, all.size(), counts.size(), queries),
          "Please report this with the version of the server.",
          null);
    }
    List<List<Key>> answers = new ArrayList<>();
    int from = 0;
    for (long count : counts) {
      answers.add(List.copyOf(all.subList(from, from + (int) count)));
      from += (int) count;
    }
    return answers;
  }

  private static String params(int limit) {
    int breadth = Math.max(BREADTH, limit);
    return "{\"nprobe\":%d,\"ef\":%d,\"search_list\":%d}".formatted(BREADTH, breadth, breadth);
  }

  private static ByteString placeholders(FieldType type, Column column) {
    PlaceholderValue.Builder values =
        PlaceholderValue.newBuilder().setTag("$0").setType(placeholder(type));
    for (int row = 0; row < column.rows(); row++) {
      values.addValues(vector(column.filled(), row));
    }
    return PlaceholderGroup.newBuilder().addPlaceholders(values).build().toByteString();
  }

  private static ByteString vector(Column column, int row) {
    if (column instanceof Column.Bytes sparse) {
      return ByteString.copyFrom(sparse.get(row));
    }
    Column.Vectors vectors = (Column.Vectors) column;
    return ByteString.copyFrom(
        vectors.bytes().slice(row * vectors.bytesPerRow(), vectors.bytesPerRow()));
  }

  private static PlaceholderType placeholder(FieldType type) {
    return switch (type) {
      case FLOAT_VECTOR -> PlaceholderType.FloatVector;
      case BINARY_VECTOR -> PlaceholderType.BinaryVector;
      case FLOAT16_VECTOR -> PlaceholderType.Float16Vector;
      case BFLOAT16_VECTOR -> PlaceholderType.BFloat16Vector;
      case INT8_VECTOR -> PlaceholderType.Int8Vector;
      case SPARSE_FLOAT_VECTOR -> PlaceholderType.SparseFloatVector;
      case VARCHAR, TEXT -> PlaceholderType.VarChar;
      default -> throw new IllegalArgumentException(type + " is not searched for");
    };
  }

  private static List<Key> keys(IDs ids) {
    return ids.hasStrId()
        ? ids.getStrId().getDataList().stream().<Key>map(Key.Varchar::new).toList()
        : ids.getIntId().getDataList().stream().<Key>map(Key.Int64::new).toList();
  }
}
