package io.milvusferry.gateway.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.UpsertRequest;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Channel;
import io.milvus.shaded.io.grpc.ClientInterceptors;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.stub.ClientCalls;
import io.milvus.shaded.io.grpc.stub.MetadataUtils;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusChannels;
import io.milvusferry.gateway.journal.ReplayOutcome;
import io.milvusferry.gateway.journal.WriteKind;
import io.milvusferry.manifest.CollectionName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Writes to a server over a connection of its own, as the user of its settings. */
public final class GrpcWriteCalls implements WriteCalls, AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> DATABASE =
      Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER);
  private static final long DEADLINE_SECONDS = 60;

  private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();

  private static final MethodDescriptor<byte[], byte[]> UPSERT =
      ofBytes(MilvusServiceGrpc.getUpsertMethod());
  private static final MethodDescriptor<byte[], byte[]> DELETE =
      ofBytes(MilvusServiceGrpc.getDeleteMethod());

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
    byte[] named = concat(request, delete ? deletesFrom(collection) : upsertsInto(collection));
    try {
      byte[] answer =
          ClientCalls.blockingUnaryCall(
              channel(collection.database()),
              delete ? DELETE : UPSERT,
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
    authorization.ifPresent(value -> headers.put(AUTHORIZATION, value));
    headers.put(DATABASE, database);
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

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static MethodDescriptor<byte[], byte[]> ofBytes(MethodDescriptor<?, ?> method) {
    return method.toBuilder(BYTES, BYTES).build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
