package io.milvusferry.gateway.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvusferry.connector.Literals;
import io.milvusferry.record.Key;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The keys that the filter of a delete means, as the deciding side sees them at Strong consistency,
 * page by page in the order of the keys. A page may be short without being the last: the end is an
 * empty one. Nobody writes meanwhile.
 */
final class FilteredKeys {
  private static final int PAGE = 16_000;
  private static final long DEADLINE_SECONDS = 120;
  private static final int STATUS = 1;

  private final Side side;
  private final Metadata headers;
  private final Described collection;
  private final DeleteRequest delete;

  FilteredKeys(Side side, Metadata headers, Described collection, DeleteRequest delete) {
    this.side = side;
    this.headers = headers;
    this.collection = collection;
    this.delete = delete;
  }

  /**
   * Shows the keys, a page at a time; what is shown may be deleted before the next page is read.
   *
   * @param page gives false to stop
   * @return null when all pages were shown, else the answer of a page that could not be read
   */
  @org.jspecify.annotations.Nullable
  Answer forEachPage(Function<List<Key>, Boolean> page) {
    String after = "";
    while (true) {
      Answer answer = read(after);
      if (!answer.milvusStatus(STATUS).ok()) {
        return answer;
      }
      List<Key> keys = keys(answer);
      if (keys.isEmpty() || !page.apply(keys)) {
        return null;
      }
      Key last = keys.stream().max(Key::compareTo).orElseThrow();
      after = " and %s > %s".formatted(collection.keyField(), Literals.literal(last));
    }
  }

  private Answer read(String after) {
    QueryRequest.Builder query =
        QueryRequest.newBuilder()
            .setDbName(collection.name().database())
            .setCollectionName(collection.name().name())
            .setExpr("(%s)%s".formatted(delete.getExpr(), after))
            .addOutputFields(collection.keyField())
            .setConsistencyLevel(ConsistencyLevel.Strong)
            .putAllExprTemplateValues(delete.getExprTemplateValuesMap())
            .addQueryParams(pair("limit", Integer.toString(PAGE)));
    if (!delete.getPartitionName().isEmpty()) {
      query.addPartitionNames(delete.getPartitionName());
    }
    return UnaryCall.await(
        side,
        RawMethods.milvus("Query"),
        side.headers(headers),
        query.build().toByteArray(),
        CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
  }

  private List<Key> keys(Answer answer) {
    byte[] body = answer.body();
    try {
      return RowKeys.of(
          QueryResults.parseFrom(body == null ? new byte[0] : body).getFieldsDataList(),
          collection.keyField());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no answer to Query", e);
    }
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }
}
