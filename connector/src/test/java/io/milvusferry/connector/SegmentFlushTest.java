package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetFlushStateRequest;
import io.milvus.grpc.GetFlushStateResponse;
import io.milvus.grpc.GetImportStateResponse;
import io.milvus.grpc.ImportState;
import io.milvus.grpc.ListImportTasksRequest;
import io.milvus.grpc.ListImportTasksResponse;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceImplBase;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SegmentFlushTest {
  private static final CollectionName NAME = new CollectionName("default", "a");

  @Test
  void waitsForEachSegmentThatIsOldOrNewlySealed() {
    Flushing service = new Flushing();
    service.pollsUntilFlushed = 2;

    flush(service, Duration.ofSeconds(30));

    assertThat(service.asked.stream().flatMap(request -> request.getSegmentIDsList().stream()))
        .contains(1L, 2L, 3L);
    assertThat(service.asked).allMatch(request -> request.getSegmentIDsCount() <= 1);
    assertThat(service.asked)
        .filteredOn(request -> request.getSegmentIDsList().contains(1L))
        .hasSize(2);
  }

  @Test
  void leavesOutSegmentsThatAFailedImportLeftBehind() {
    Flushing service = new Flushing();
    service.neverFlushed = Set.of(2L);
    service.failedImport = Set.of(2L);

    flush(service, Duration.ofSeconds(30));

    assertThat(service.asked).noneMatch(request -> request.getSegmentIDsList().contains(2L));
  }

  @Test
  void namesAfterTheDeadlineTheSegmentsThatHang() {
    Flushing service = new Flushing();
    service.neverFlushed = Set.of(2L);

    FerryException failure = timeout(service);

    assertThat(failure).hasMessageContaining("flushing default.a").hasMessageContaining("[2]");
  }

  @Test
  void worksWhereTheServerListsNoImports() {
    Flushing service = new Flushing();
    service.listsImports = false;

    flush(service, Duration.ofSeconds(30));

    assertThat(service.asked).hasSize(3);
  }

  private static FerryException timeout(Flushing service) {
    FerryException failure =
        catchThrowableOfType(FerryException.class, () -> flush(service, Duration.ofMillis(200)));
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_TIMEOUT);
    return failure;
  }

  private static void flush(Flushing service, Duration deadline) {
    try (LoopbackServer server = new LoopbackServer(service);
        ServerChannel channel = new ServerChannel(server.settings())) {
      new SegmentFlush(channel, NAME).flush(deadline);
    }
  }

  /** Seals segment 3, and knows 1 and 2 from before. */
  private static final class Flushing extends MilvusServiceImplBase {
    private final List<GetFlushStateRequest> asked = new CopyOnWriteArrayList<>();
    private int pollsUntilFlushed = 1;
    private boolean listsImports = true;
    private Set<Long> neverFlushed = Set.of();
    private Set<Long> failedImport = Set.of();

    @Override
    public void flush(FlushRequest request, StreamObserver<FlushResponse> observer) {
      observer.onNext(
          FlushResponse.newBuilder()
              .putCollSegIDs("a", LongArray.newBuilder().addData(3).build())
              .putFlushCollSegIDs("a", LongArray.newBuilder().addData(1).addData(2).build())
              .build());
      observer.onCompleted();
    }

    @Override
    public void getFlushState(
        GetFlushStateRequest request, StreamObserver<GetFlushStateResponse> observer) {
      asked.add(request);
      boolean flushed =
          !neverFlushed.contains(request.getSegmentIDs(0))
              && asked.stream().filter(request::equals).count() >= pollsUntilFlushed;
      observer.onNext(GetFlushStateResponse.newBuilder().setFlushed(flushed).build());
      observer.onCompleted();
    }

    @Override
    public void listImportTasks(
        ListImportTasksRequest request, StreamObserver<ListImportTasksResponse> observer) {
      if (!listsImports) {
        super.listImportTasks(request, observer);
        return;
      }
      observer.onNext(
          ListImportTasksResponse.newBuilder()
              .addTasks(
                  GetImportStateResponse.newBuilder()
                      .setState(ImportState.ImportFailed)
                      .addAllSegmentIds(failedImport))
              .addTasks(
                  GetImportStateResponse.newBuilder()
                      .setState(ImportState.ImportCompleted)
                      .addSegmentIds(1))
              .build());
      observer.onCompleted();
    }
  }
}
