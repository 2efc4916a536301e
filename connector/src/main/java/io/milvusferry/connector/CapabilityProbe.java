package io.milvusferry.connector;

import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.GetPersistentSegmentInfoResponse;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.ListImportTasksRequest;
import io.milvus.grpc.ListImportTasksResponse;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvusferry.error.FerryException;
import java.util.function.Function;

/**
 * Asks a server what it can do, by calls about a collection that does not exist: only "not
 * implemented" counts as no.
 */
final class CapabilityProbe {
  private static final String NOBODY = "ferry_probe_of_nothing";

  private final ServerChannel channel;
  private final String database;

  CapabilityProbe(ServerChannel channel, String database) {
    this.channel = channel;
    this.database = database;
  }

  Capabilities probe() {
    return new Capabilities(
        timestamps(),
        knows(
            stub ->
                stub.getPersistentSegmentInfo(
                    GetPersistentSegmentInfoRequest.newBuilder().setCollectionName(NOBODY).build()),
            GetPersistentSegmentInfoResponse::getStatus),
        listsImports(),
        knows(
            stub -> stub.upsert(UpsertRequest.newBuilder().setCollectionName(NOBODY).build()),
            MutationResult::getStatus),
        knows(
            stub -> stub.listDatabases(ListDatabasesRequest.getDefaultInstance()),
            ListDatabasesResponse::getStatus),
        knows(
            stub ->
                stub.showPartitions(
                    ShowPartitionsRequest.newBuilder().setCollectionName(NOBODY).build()),
            ShowPartitionsResponse::getStatus),
        knows(
            stub ->
                stub.alterAlias(
                    io.milvus.grpc.AlterAliasRequest.newBuilder()
                        .setCollectionName(NOBODY)
                        .setAlias(NOBODY)
                        .build()),
            (Status answer) -> answer));
  }

  /** Some servers know the call, and answer it with no timestamp. */
  private boolean timestamps() {
    try {
      return channel
              .call(
                  database,
                  "AllocTimestamp",
                  stub -> stub.allocTimestamp(AllocTimestampRequest.getDefaultInstance()),
                  AllocTimestampResponse::getStatus)
              .getTimestamp()
          != 0;
    } catch (FerryException e) {
      return answered(e);
    }
  }

  private boolean listsImports() {
    return answers(
        () ->
            channel.callUnbroken(
                database,
                "probe",
                stub -> stub.listImportTasks(ListImportTasksRequest.getDefaultInstance()),
                ListImportTasksResponse::getStatus));
  }

  private <T> boolean knows(
      Function<MilvusServiceBlockingStub, T> call, Function<T, Status> status) {
    return answers(() -> channel.call(database, "probe", call, status));
  }

  private static boolean answers(Runnable call) {
    try {
      call.run();
      return true;
    } catch (FerryException e) {
      return answered(e);
    }
  }

  /** A user who may not make a call has learned that the server knows it. */
  private static boolean answered(FerryException failure) {
    return switch (failure.code()) {
      case SERVER_INCAPABLE -> false;
      case COLLECTION_NOT_FOUND, SERVER_REFUSED, COLLECTION_NOT_LOADED, SERVER_CREDENTIALS -> true;
      default -> throw failure;
    };
  }
}
