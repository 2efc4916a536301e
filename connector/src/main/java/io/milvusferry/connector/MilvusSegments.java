package io.milvusferry.connector;

import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetFlushStateRequest;
import io.milvus.grpc.GetFlushStateResponse;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.GetPersistentSegmentInfoResponse;
import io.milvus.grpc.GetQuerySegmentInfoRequest;
import io.milvus.grpc.GetQuerySegmentInfoResponse;
import io.milvus.grpc.PersistentSegmentInfo;
import io.milvus.grpc.QuerySegmentInfo;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.LoadState;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The segments of one collection, as a Milvus server tells of them. */
final class MilvusSegments implements SegmentLedger {
  /** A moment that no server has reached. */
  private static final long FAR = Long.MAX_VALUE;

  private static final Set<io.milvus.grpc.SegmentState> IN_FILES =
      Set.of(
          io.milvus.grpc.SegmentState.Flushed,
          io.milvus.grpc.SegmentState.Flushing,
          io.milvus.grpc.SegmentState.Sealed);

  private final ServerChannel channel;
  private final CollectionName name;
  private final SegmentFlush flush;
  private final DescribeCalls calls;

  MilvusSegments(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
    this.flush = new SegmentFlush(channel, name);
    this.calls = new DescribeCalls(channel, name);
  }

  @Override
  public Map<String, Long> partitionIds() {
    return calls.partitionIds();
  }

  @Override
  public List<SegmentState> segments() {
    Set<Long> ghosts = flush.segmentsOfFailedImports();
    return infos().stream()
        .filter(info -> IN_FILES.contains(info.getState()))
        .filter(info -> !ghosts.contains(info.getSegmentID()))
        .map(MilvusSegments::state)
        .sorted(Comparator.comparingLong(SegmentState::id))
        .toList();
  }

  private List<PersistentSegmentInfo> infos() {
    GetPersistentSegmentInfoRequest request =
        GetPersistentSegmentInfoRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    return channel
        .call(
            name.database(),
            "GetPersistentSegmentInfo of " + name,
            stub -> stub.getPersistentSegmentInfo(request),
            GetPersistentSegmentInfoResponse::getStatus)
        .getInfosList();
  }

  static SegmentState state(PersistentSegmentInfo info) {
    return new SegmentState(
        info.getSegmentID(),
        info.getPartitionID(),
        info.getNumRows(),
        info.getState().name(),
        info.getStorageVersion());
  }

  @Override
  public Set<Long> imported() {
    return flush.segmentsOfImports(task -> true);
  }

  @Override
  public boolean showsDeletes() {
    return !reached(FAR);
  }

  @Override
  public Flushed flush(Duration deadline) {
    FlushResponse answer = flush.seal();
    Set<Long> sealed = SegmentFlush.segments(answer.getCollSegIDsMap().get(name.name()));
    long timestamp = answer.getCollFlushTsOrDefault(name.name(), 0);
    if (timestamp == 0) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE,
          "the flush of %s came without a timestamp".formatted(name),
          "Read by queries instead, with --reader api.",
          null);
    }
    flush.await(sealed, deadline);
    Waiting.until(
        deadline,
        "flushing " + name,
        () -> reached(timestamp) ? "" : "no checkpoint has passed timestamp " + timestamp);
    return new Flushed(timestamp, Set.copyOf(sealed));
  }

  /** Whether the checkpoints of all channels of the collection have passed a moment. */
  private boolean reached(long timestamp) {
    GetFlushStateRequest request =
        GetFlushStateRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setFlushTs(timestamp)
            .build();
    return channel
        .call(
            name.database(),
            "GetFlushState of " + name,
            stub -> stub.getFlushState(request),
            GetFlushStateResponse::getStatus)
        .getFlushed();
  }

  @Override
  public Optional<Set<Long>> queried() {
    if (new CollectionLoad(channel, name).state() != LoadState.LOADED) {
      return Optional.empty();
    }
    GetQuerySegmentInfoRequest request =
        GetQuerySegmentInfoRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    return channel
        .callIfKnown(
            name.database(),
            "GetQuerySegmentInfo of " + name,
            stub -> stub.getQuerySegmentInfo(request),
            GetQuerySegmentInfoResponse::getStatus)
        .map(
            answer ->
                answer.getInfosList().stream()
                    .map(QuerySegmentInfo::getSegmentID)
                    .collect(Collectors.toCollection(HashSet::new)));
  }
}
