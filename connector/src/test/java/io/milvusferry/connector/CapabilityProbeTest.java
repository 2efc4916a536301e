package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.GetPersistentSegmentInfoResponse;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.ListImportTasksRequest;
import io.milvus.grpc.ListImportTasksResponse;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceImplBase;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import org.junit.jupiter.api.Test;

class CapabilityProbeTest {
  private static final Status NO_COLLECTION =
      Status.newBuilder().setCode(100).setReason("can't find collection").build();

  @Test
  void aServerThatKnowsNoCallCanDoNothing() {
    assertThat(probe(new MilvusServiceImplBase() {}).names()).isEmpty();
  }

  @Test
  void aServerThatMissesOnlyTheCollectionKnowsTheCall() {
    assertThat(probe(new Able(NO_COLLECTION, 7)).names())
        .containsExactly(
            "aliases", "bulkImport", "databases", "partitions", "segments", "timestamps", "upsert");
  }

  @Test
  void aServerThatSaysInAnAnswerThatItCannotDoesNotKnowTheCall() {
    Status unimplemented = Status.newBuilder().setCode(1).setReason("unimplemented").build();

    assertThat(probe(new Able(unimplemented, 7)).names()).containsExactly("timestamps");
  }

  @Test
  void aTimestampOfZeroIsNone() {
    Capabilities capabilities = probe(new Able(NO_COLLECTION, 0));

    assertThat(capabilities.timestamps()).isFalse();
    assertThat(capabilities.segments()).isTrue();
  }

  @Test
  void aUserWhoMayNotMakeACallStillLearnsThatItIsKnown() {
    MilvusServiceImplBase service =
        new Able(NO_COLLECTION, 7) {
          @Override
          public void upsert(UpsertRequest request, StreamObserver<MutationResult> observer) {
            observer.onError(
                io.milvus.shaded.io.grpc.Status.PERMISSION_DENIED
                    .withDescription("PrivilegeUpsert: permission deny to reader")
                    .asRuntimeException());
          }
        };

    assertThat(probe(service).upsert()).isTrue();
  }

  @Test
  void aServerThatBreaksIsNotTakenForOneThatCannot() {
    MilvusServiceImplBase service =
        new Able(NO_COLLECTION, 7) {
          @Override
          public void upsert(UpsertRequest request, StreamObserver<MutationResult> observer) {
            observer.onError(
                io.milvus.shaded.io.grpc.Status.DEADLINE_EXCEEDED.asRuntimeException());
          }
        };

    FerryException failure = catchThrowableOfType(FerryException.class, () -> probe(service));

    assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_TIMEOUT);
  }

  private static Capabilities probe(MilvusServiceImplBase service) {
    try (LoopbackServer server = new LoopbackServer(service);
        ServerChannel channel = new ServerChannel(server.settings())) {
      return new CapabilityProbe(channel, "default").probe();
    }
  }

  /** Knows all calls, and answers those about a collection with the same status. */
  private static class Able extends MilvusServiceImplBase {
    private final Status status;
    private final long timestamp;

    Able(Status status, long timestamp) {
      this.status = status;
      this.timestamp = timestamp;
    }

    @Override
    public void allocTimestamp(
        AllocTimestampRequest request, StreamObserver<AllocTimestampResponse> observer) {
      answer(observer, AllocTimestampResponse.newBuilder().setTimestamp(timestamp).build());
    }

    @Override
    public void getPersistentSegmentInfo(
        GetPersistentSegmentInfoRequest request,
        StreamObserver<GetPersistentSegmentInfoResponse> observer) {
      answer(observer, GetPersistentSegmentInfoResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void listImportTasks(
        ListImportTasksRequest request, StreamObserver<ListImportTasksResponse> observer) {
      answer(observer, ListImportTasksResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void upsert(UpsertRequest request, StreamObserver<MutationResult> observer) {
      answer(observer, MutationResult.newBuilder().setStatus(status).build());
    }

    @Override
    public void listDatabases(
        ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> observer) {
      answer(observer, ListDatabasesResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void showPartitions(
        ShowPartitionsRequest request, StreamObserver<ShowPartitionsResponse> observer) {
      answer(observer, ShowPartitionsResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void alterAlias(AlterAliasRequest request, StreamObserver<Status> observer) {
      answer(observer, status);
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
      observer.onNext(message);
      observer.onCompleted();
    }
  }
}
