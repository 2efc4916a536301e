package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.ImportRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvus.grpc.ReplicateRequest;
import io.milvus.grpc.ReplicateResponse;
import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes through a gateway between two real Milvus servers. */
class GatewayWritesIT {
  private static final int CLIENTS = 8;
  private static final int KEYS = 20;

  @TempDir Path state;

  private static List<Long> keys(long from, long below) {
    return LongStream.range(from, below).boxed().toList();
  }

  @Test
  void bothServersAreEqualAfterManyClientsWroteTheSameKeys() throws Exception {
    LiveRows rows = LiveRows.of("order");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        running.add(clients.submit(() -> write(gateway.through, rows, client)));
      }
      for (Future<?> each : running) {
        each.get();
      }
      clients.shutdown();
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.target)).isEqualTo(rows.all(gateway.source));
      assertThat(gateway.status(rows).failedWrites()).isZero();
    }
  }

  private static void write(MilvusServiceBlockingStub server, LiveRows rows, int client) {
    Random random = new Random(client);
    for (int i = 0; i < 40; i++) {
      long x = client * 1000L + i;
      List<Long> some = random.longs(3, 0, KEYS).distinct().boxed().toList();
      switch (random.nextInt(5)) {
        case 0 -> LiveRows.done(server.delete(rows.delete("id in " + some)));
        case 1 -> LiveRows.done(server.delete(rows.delete("x % 7 == " + random.nextInt(7))));
        default -> LiveRows.done(server.upsert(rows.upsert(some, x)));
      }
    }
  }

  @Test
  void aDeadlineThatTheClientMissesHidesNothingFromTheTarget() throws Exception {
    LiveRows rows = LiveRows.of("deadline");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      int missed = 0;
      for (int i = 0; i < 60; i++) {
        try {
          LiveRows.done(
              gateway
                  .through
                  .withDeadlineAfter(4, TimeUnit.MILLISECONDS)
                  .insert(rows.insert(keys(i * 10L, i * 10L + 10), i)));
        } catch (StatusRuntimeException e) {
          missed++;
        }
      }
      assertThat(missed).isPositive();
      LiveRows.done(gateway.through.insert(rows.insert(List.of(-1L), 0)));
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.source)).isNotEmpty();
      assertThat(rows.all(gateway.target)).isEqualTo(rows.all(gateway.source));
    }
  }

  @Test
  void aFilterDeletesTheSameRowsOnBothSidesHoweverManyItMeans() throws Exception {
    LiveRows rows = LiveRows.of("filter");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      for (long from = 0; from < 40_000; from += 10_000) {
        LiveRows.done(gateway.through.insert(rows.insert(keys(from, from + 10_000), from)));
      }
      MutationResult deleted =
          LiveRows.done(gateway.through.delete(rows.delete("x >= 0 and id >= 5")));
      gateway.awaitReplayed(rows);

      assertThat(deleted.getDeleteCnt()).isEqualTo(39_995);
      assertThat(rows.all(gateway.source).keySet()).containsExactly(0L, 1L, 2L, 3L, 4L);
      assertThat(rows.all(gateway.target)).isEqualTo(rows.all(gateway.source));
    }
  }

  @Test
  void theTargetTakesTheKeysThatTheSourceMade() throws Exception {
    LiveRows rows = LiveRows.of("auto").withAutoId();
    try (LiveGateway gateway = LiveGateway.start(state)) {
      rows.create(gateway.source);
      new LiveRows(rows.name(), false, rows.dimension()).create(gateway.target);
      gateway.control.mirror(rows.collection());
      gateway.control.replay(rows.collection(), true);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 100), 7)));
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.source)).hasSize(100);
      assertThat(rows.all(gateway.target)).isEqualTo(rows.all(gateway.source));
    }
  }

  @Test
  void refusesWhatWouldGoPastTheJournal() throws Exception {
    LiveRows rows = LiveRows.of("refused");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      List<Status> answers =
          List.of(
              gateway.through.dropCollection(
                  DropCollectionRequest.newBuilder().setCollectionName(rows.name()).build()),
              gateway.through.createPartition(
                  CreatePartitionRequest.newBuilder()
                      .setCollectionName(rows.name())
                      .setPartitionName("p")
                      .build()),
              gateway.through.createAlias(
                  CreateAliasRequest.newBuilder()
                      .setCollectionName(rows.name())
                      .setAlias(rows.name() + "_alias")
                      .build()),
              gateway.through.releaseCollection(
                  ReleaseCollectionRequest.newBuilder().setCollectionName(rows.name()).build()));

      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.getReason()).startsWith("GTW-007 "))
          .allSatisfy(answer -> assertThat(answer.getCode()).isNotZero());
      gateway.control.forget(rows.collection());
      rows.drop(gateway.through);
    }
  }

  @Test
  void refusesBulkLoadsAndReplicationWhileSomethingIsMirrored() throws Exception {
    LiveRows rows = LiveRows.of("loads");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      List<Status> answers =
          List.of(
              gateway
                  .through
                  .import_(
                      ImportRequest.newBuilder()
                          .setCollectionName(rows.name())
                          .addFiles("rows.json")
                          .build())
                  .getStatus(),
              gateway
                  .through
                  .replicateMessage(
                      ReplicateMessageRequest.newBuilder().setChannelName("by-dev-dml_0").build())
                  .getStatus());
      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.getReason()).startsWith("GTW-007 "))
          .allSatisfy(answer -> assertThat(answer.getCode()).isNotZero());

      CompletableFuture<Throwable> end = new CompletableFuture<>();
      StreamObserver<ReplicateRequest> stream =
          MilvusServiceGrpc.newStub(gateway.through.getChannel())
              .createReplicateStream(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(ReplicateResponse answer) {
                      end.complete(new AssertionError("it goes on: " + answer));
                    }

                    @Override
                    public void onError(Throwable failure) {
                      end.complete(failure);
                    }

                    @Override
                    public void onCompleted() {
                      end.complete(new AssertionError("it ended well"));
                    }
                  });
      assertThat(end.get(30, TimeUnit.SECONDS)).hasMessageContaining("GTW-007 ");
      assertThat(stream).isNotNull();
    }
  }

  @Test
  void writesByAnAliasAreMirroredToo() throws Exception {
    LiveRows rows = LiveRows.of("alias");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      rows.create(gateway.source);
      rows.create(gateway.target);
      LiveRows alias = new LiveRows(rows.name() + "_a", false, rows.dimension());
      LiveRows.done(
          gateway.through.createAlias(
              CreateAliasRequest.newBuilder()
                  .setCollectionName(rows.name())
                  .setAlias(alias.name())
                  .build()));
      gateway.control.mirror(rows.collection());
      gateway.control.replay(rows.collection(), true);
      LiveRows.done(gateway.through.insert(alias.insert(keys(0, 5), 1)));
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.target)).hasSize(5).isEqualTo(rows.all(gateway.source));
    }
  }

  @Test
  void theTargetDecidesAfterTheDirectionChanged() throws Exception {
    LiveRows rows = LiveRows.of("reverse");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 10), 1)));
      gateway.control.direct(rows.collection(), Direction.REVERSE);
      LiveRows.done(gateway.through.upsert(rows.upsert(keys(5, 15), 2)));
      LiveRows.done(gateway.through.delete(rows.delete("x == 1 and id < 2")));

      assertThat(rows.all(gateway.through)).hasSize(13).isEqualTo(rows.all(gateway.target));
      gateway.awaitReplayed(rows);
      assertThat(rows.all(gateway.source)).isEqualTo(rows.all(gateway.target));

      gateway.control.direct(rows.collection(), Direction.RETIRED);
      LiveRows.done(gateway.through.insert(rows.insert(keys(100, 101), 3)));
      assertThat(rows.all(gateway.through)).hasSize(14);
      assertThat(rows.all(gateway.source)).hasSize(13);
    }
  }

  @Test
  void takesSixtyMegabytesAtOnceAndLeavesTheRefusalOfMoreToTheSource() throws Exception {
    LiveRows rows = LiveRows.of("large").withDimension(1024);
    try (LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      MutationResult taken = LiveRows.done(gateway.through.insert(rows.insert(keys(0, 14_600), 1)));
      assertThat(taken.getInsertCnt()).isEqualTo(14_600);
      assertThatThrownBy(() -> gateway.through.insert(rows.insert(keys(0, 17_500), 1)))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("larger than max");
      gateway.awaitReplayed(rows);
      assertThat(gateway.status(rows).dirty()).isFalse();
    }
  }

  @Test
  void aTargetThatIsAwayCostsApplicationsNothingAndGetsItAllLater() throws Exception {
    LiveRows rows = LiveRows.of("away");
    String source = LiveGateway.variable("FERRY_IT_SOURCE");
    try (LiveGateway gateway = new LiveGateway(state, source, "http://127.0.0.1:9")) {
      rows.create(gateway.source);
      gateway.control.mirror(rows.collection());
      gateway.control.replay(rows.collection(), true);
      gateway.control.readWeight(rows.collection(), 50);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0, 50), 1)));
      for (int i = 0; i < 20; i++) {
        LiveRows.done(
            gateway
                .through
                .query(rows.query("id >= 0", ConsistencyLevel.Eventually).build())
                .getStatus());
      }

      assertThat(gateway.status(rows).pendingRecords()).isEqualTo(1);
      assertThat(gateway.status(rows).reads().fellBack()).isPositive();
    }
  }

  @Test
  void aSourceThatIsAwayIsSaidAndNothingIsKept() throws Exception {
    LiveRows rows = LiveRows.of("nobody");
    String target = LiveGateway.variable("FERRY_IT_TARGET");
    try (LiveGateway gateway = new LiveGateway(state, "http://127.0.0.1:9", target)) {
      assertThatThrownBy(() -> gateway.through.insert(rows.insert(keys(0, 1), 1)))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE");
    }
  }

  @Test
  void theStateDirectoryBelongsToOneGatewayAndToItsServers() throws Exception {
    String source = LiveGateway.variable("FERRY_IT_SOURCE");
    String target = LiveGateway.variable("FERRY_IT_TARGET");
    try (LiveGateway gateway = LiveGateway.start(state)) {
      assertThat(gateway.control.status().ready()).isTrue();
      assertThatThrownBy(() -> LiveGateway.start(state))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED));
    }
    assertThatThrownBy(
            () ->
                Gateway.start(
                    LiveGateway.settings(
                        state, ConnectionSettings.parse(target), ConnectionSettings.parse(source))))
        .isInstanceOfSatisfying(
            FerryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.GATEWAY_STATE_OTHER));
  }
}
