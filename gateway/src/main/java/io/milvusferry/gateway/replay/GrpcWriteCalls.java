package io.milvusferry.gateway.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.UpsertRequest;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Channel;
import io.milvus.shaded.io.grpc.ClientInterceptors;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.stub.ClientCalls;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusChannels;
import io.milvusferry.gateway.journal.ReplayOutcome;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.gateway.proxy.RawMethods;
import io.milvusferry.gateway.proxy.WireFields;
import io.milvusferry.manifest.CollectionName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Writes to a server over a connection of its own, as the user of its settings. */
public final class GrpcWriteCalls implements WriteCalls, AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;

  private final ManagedChannel channel;
  private final Optional<String> authorization;

  /** Connects when it first sends. */
  public GrpcWriteCalls(ConnectionSettings settings) {
    this.authorization = MilvusChannels.authorization(settings);
    this.channel = MilvusChannels.open(settings);
  }

  @Override
  public ReplayOutcome send(CollectionName collection, WriteKind kind, byte[] request) {
    boolean delete = kind == WriteKind.DELETE;
    byte[] named =
        WireFields.concat(request, delete ? deletesFrom(collection) : upsertsInto(collection));
    try {
      byte[] answer =
          ClientCalls.blockingUnaryCall(
              channel(collection.database()),
              RawMethods.milvus(delete ? "Delete" : "Upsert"),
              CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
              named);
      return Refusals.outcome(MutationResult.parseFrom(answer));
    } catch (StatusRuntimeException e) {
      return Refusals.outcome(e.getStatus());
    } catch (InvalidProtocolBufferException e) {
      return new ReplayOutcome.Later("the answer is no MutationResult: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private Channel channel(String database) {
    Metadata headers = new Metadata();
    authorization.ifPresent(value -> headers.put(MilvusChannels.AUTHORIZATION, value));
    headers.put(MilvusChannels.DATABASE, database);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /**
   * Appended, it overrides what the message says: of a field that stands twice, the last counts.
   */
  private static byte[] upsertsInto(CollectionName collection) {
    return UpsertRequest.newBuilder()
        .setDbName(collection.database())
        .setCollectionName(collection.name())
        .build()
        .toByteArray();
  }

  private static byte[] deletesFrom(CollectionName collection) {
    return DeleteRequest.newBuilder()
        .setDbName(collection.database())
        .setCollectionName(collection.name())
        .build()
        .toByteArray();
  }
}
