package io.milvusferry.connector;

import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.Status;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.LoadState;
import java.time.Duration;
import java.util.Locale;

/** Loads and releases a collection. */
final class CollectionLoad {
  private final ServerChannel channel;
  private final CollectionName name;

  CollectionLoad(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
  }

  LoadState state() {
    return rawState() == io.milvus.grpc.LoadState.LoadStateLoaded
        ? LoadState.LOADED
        : LoadState.NOT_LOADED;
  }

  /**
   * Loads the collection, again if the server gives up on it, as it does after a crash in the
   * middle of a load.
   */
  void load(int replicas, Duration deadline) {
    Waiting.until(
        deadline,
        "loading " + name,
        () -> {
          if (rawState() == io.milvus.grpc.LoadState.LoadStateLoaded) {
            return "";
          }
          return requestLoad(replicas);
        });
  }

  void release() {
    ReleaseCollectionRequest request =
        ReleaseCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    channel.call(
        name.database(),
        "ReleaseCollection of " + name,
        stub -> stub.releaseCollection(request),
        status -> status);
  }

  private String requestLoad(int replicas) {
    LoadCollectionRequest request =
        LoadCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setReplicaNumber(Math.max(1, replicas))
            .build();
    try {
      channel.call(
          name.database(),
          "LoadCollection of " + name,
          stub -> stub.loadCollection(request),
          (Status status) -> status);
      return "the server is still loading";
    } catch (FerryException e) {
      String message = String.valueOf(e.getMessage());
      if (e.code() == ErrorCode.SERVER_REFUSED
          && message.toLowerCase(Locale.ROOT).contains("unrecoverable")) {
        return message;
      }
      throw e;
    }
  }

  private io.milvus.grpc.LoadState rawState() {
    GetLoadStateRequest request =
        GetLoadStateRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    GetLoadStateResponse answer =
        channel.call(
            name.database(),
            "GetLoadState of " + name,
            stub -> stub.getLoadState(request),
            GetLoadStateResponse::getStatus);
    if (answer.getState() == io.milvus.grpc.LoadState.LoadStateNotExist) {
      throw new FerryException(
          ErrorCode.COLLECTION_NOT_FOUND,
          "there is no collection %s at %s".formatted(name, channel.address()),
          "Check the name of the collection and of its database.",
          null);
    }
    return answer.getState();
  }
}
