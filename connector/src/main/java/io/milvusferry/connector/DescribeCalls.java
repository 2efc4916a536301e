package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseResponse;
import io.milvus.grpc.GetReplicasRequest;
import io.milvus.grpc.GetReplicasResponse;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvusferry.manifest.CollectionName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a server says of a collection, call by call. */
final class DescribeCalls {
  private static final String DEFAULT_PARTITION = "_default";

  private final ServerChannel channel;
  private final CollectionName name;

  DescribeCalls(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
  }

  /** Absent where the server does not know the call. */
  static Optional<DescribeDatabaseResponse> database(ServerChannel channel, String database) {
    DescribeDatabaseRequest request =
        DescribeDatabaseRequest.newBuilder().setDbName(database).build();
    return channel.callIfKnown(
        database,
        "DescribeDatabase of " + database,
        stub -> stub.describeDatabase(request),
        DescribeDatabaseResponse::getStatus);
  }

  DescribeCollectionResponse collection() {
    DescribeCollectionRequest request =
        DescribeCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    return channel.call(
        name.database(),
        "DescribeCollection of " + name,
        stub -> stub.describeCollection(request),
        DescribeCollectionResponse::getStatus);
  }

  /** In the order of their creation; the one that every collection has where it has no others. */
  List<String> partitions() {
    return listPartitions()
        .map(answer -> List.copyOf(answer.getPartitionNamesList()))
        .orElse(List.of(DEFAULT_PARTITION));
  }

  /** Ids by name; empty where the server does not list partitions. */
  Map<String, Long> partitionIds() {
    Map<String, Long> ids = new LinkedHashMap<>();
    listPartitions()
        .ifPresent(
            answer -> {
              for (int i = 0; i < answer.getPartitionIDsCount(); i++) {
                ids.put(answer.getPartitionNames(i), answer.getPartitionIDs(i));
              }
            });
    return ids;
  }

  private Optional<ShowPartitionsResponse> listPartitions() {
    ShowPartitionsRequest request =
        ShowPartitionsRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    return channel
        .callIfKnown(
            name.database(),
            "ShowPartitions of " + name,
            stub -> stub.showPartitions(request),
            ShowPartitionsResponse::getStatus)
        .map(DescribeCalls::byCreation);
  }

  /**
   * The answer with partitions by id, which is the order of their creation; servers answer in any
   * order.
   */
  private static ShowPartitionsResponse byCreation(ShowPartitionsResponse answer) {
    if (answer.getPartitionIDsCount() != answer.getPartitionNamesCount()) {
      return answer;
    }
    ShowPartitionsResponse.Builder sorted =
        ShowPartitionsResponse.newBuilder().setStatus(answer.getStatus());
    IntStream.range(0, answer.getPartitionIDsCount())
        .boxed()
        .sorted(java.util.Comparator.comparingLong(answer::getPartitionIDs))
        .forEach(
            i -> {
              sorted.addPartitionIDs(answer.getPartitionIDs(i));
              ByteString partition = answer.getPartitionNamesBytes(i);
              sorted.addPartitionNamesBytes(partition);
            });
    return sorted.build();
  }

  /**
   * Those that hold rows by their key; some servers have, and count, an empty default one beside.
   */
  int partitionCount(DescribeCollectionResponse answer) {
    List<String> names = partitions();
    int byKey = (int) names.stream().filter(one -> !one.equals(DEFAULT_PARTITION)).count();
    if (byKey > 0) {
      return byKey;
    }
    return answer.getNumPartitions() > 0 ? (int) answer.getNumPartitions() : names.size();
  }

  /** Sorted. Of two places where a server may name them, some fill the one and some the other. */
  List<String> aliases(DescribeCollectionResponse answer) {
    return Stream.concat(
            answer.getAliasesList().stream(),
            listAliases().stream().flatMap(listed -> listed.getAliasesList().stream()))
        .distinct()
        .sorted()
        .toList();
  }

  private Optional<ListAliasesResponse> listAliases() {
    ListAliasesRequest request =
        ListAliasesRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    return channel.callIfKnown(
        name.database(),
        "ListAliases of " + name,
        stub -> stub.listAliases(request),
        ListAliasesResponse::getStatus);
  }

  /** 1 where the server does not tell. */
  int replicas(long collectionId) {
    GetReplicasRequest request =
        GetReplicasRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setCollectionID(collectionId)
            .build();
    return channel
        .callIfKnown(
            name.database(),
            "GetReplicas of " + name,
            stub -> stub.getReplicas(request),
            GetReplicasResponse::getStatus)
        .map(answer -> Math.max(1, answer.getReplicasCount()))
        .orElse(1);
  }

  /** The answers as they came, by name of the call; those of calls that are known. */
  Map<String, Message> raw(CollectionIndexes indexes) {
    Map<String, Message> answers = new LinkedHashMap<>();
    answers.put("collection", collection());
    indexes.describe().ifPresent(answer -> answers.put("indexes", answer));
    listPartitions().ifPresent(answer -> answers.put("partitions", answer));
    listAliases().ifPresent(answer -> answers.put("aliases", answer));
    database(channel, name.database()).ifPresent(answer -> answers.put("database", answer));
    return answers;
  }
}
