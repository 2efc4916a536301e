package io.milvusferry.connector;

import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import io.milvus.grpc.Status;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.IndexSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The indexes of a collection. */
final class CollectionIndexes {
  private static final String TYPE = "index_type";
  private static final String METRIC = "metric_type";

  private final ServerChannel channel;
  private final CollectionName name;

  CollectionIndexes(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
  }

  List<IndexSpec> specs() {
    List<IndexSpec> specs = new ArrayList<>();
    for (IndexDescription index : descriptions()) {
      SortedMap<String, String> params = SchemaTranslator.map(index.getParamsList());
      String type = Objects.requireNonNullElse(params.remove(TYPE), "");
      String metric = Objects.requireNonNullElse(params.remove(METRIC), "");
      specs.add(new IndexSpec(index.getFieldName(), index.getIndexName(), type, metric, params));
    }
    return specs;
  }

  /** The server's answer; empty where there is no index, which servers report as an error. */
  Optional<DescribeIndexResponse> describe() {
    DescribeIndexRequest request =
        DescribeIndexRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    try {
      return Optional.of(
          channel.call(
              name.database(),
              "DescribeIndex of " + name,
              stub -> stub.describeIndex(request),
              DescribeIndexResponse::getStatus));
    } catch (FerryException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_INDEXED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void create(IndexSpec index) {
    SortedMap<String, String> params = new TreeMap<>(index.params());
    if (!index.type().isEmpty()) {
      params.put(TYPE, index.type());
    }
    if (!index.metric().isEmpty()) {
      params.put(METRIC, index.metric());
    }
    CreateIndexRequest.Builder request =
        CreateIndexRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setFieldName(index.field())
            .setIndexName(asked(index));
    params.forEach((key, value) -> request.addExtraParams(SchemaTranslator.pair(key, value)));
    channel.call(
        name.database(),
        "CreateIndex on %s of %s".formatted(index.field(), name),
        stub -> stub.createIndex(request.build()),
        (Status status) -> status);
  }

  /**
   * The name to ask for. A server gives an index inside of structs the name of its field where none
   * is asked for, and does not take that name from anybody else.
   */
  private static String asked(IndexSpec index) {
    return index.field().endsWith("]") && index.name().equals(index.field()) ? "" : index.name();
  }

  /**
   * Waits until the index is built on all rows that are persistent. Some servers give an index the
   * name of its field, whatever name it was to have.
   */
  void await(String field, String index, Duration deadline) {
    Waiting.until(
        deadline,
        "building index %s of %s".formatted(index, name),
        () -> {
          List<IndexDescription> listed = descriptions();
          return listed.stream()
              .filter(description -> description.getIndexName().equals(index))
              .findFirst()
              .or(
                  () ->
                      listed.stream()
                          .filter(description -> description.getFieldName().equals(field))
                          .findFirst())
              .map(this::pending)
              .orElse("the server does not list it");
        });
  }

  void drop(String field, String index) {
    DropIndexRequest request =
        DropIndexRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setFieldName(field)
            .setIndexName(index)
            .build();
    channel.call(
        name.database(),
        "DropIndex %s of %s".formatted(index, name),
        stub -> stub.dropIndex(request),
        (Status status) -> status);
  }

  private List<IndexDescription> descriptions() {
    return describe().map(DescribeIndexResponse::getIndexDescriptionsList).orElse(List.of());
  }

  private String pending(IndexDescription index) {
    if (index.getState() == IndexState.Failed) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "building index %s of %s failed: %s"
              .formatted(index.getIndexName(), name, index.getIndexStateFailReason()),
          "Look at the server's log.",
          null);
    }
    boolean covered = index.getIndexedRows() >= index.getTotalRows();
    return index.getState() == IndexState.Finished && covered
        ? ""
        : "%d of %d rows are indexed".formatted(index.getIndexedRows(), index.getTotalRows());
  }
}
