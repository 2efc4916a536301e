package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.SearchResults;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.testkit.FaultyServer;
import io.milvusferry.testkit.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway between two real Milvus servers while something around it goes wrong. */
class GatewayBadDaysIT {
  private static final ErrorCode LAGGING = ErrorCode.MIRROR_LAGGING;
  private static final int WIDE = 1024;
  private static final int ROWS = 100; // of one write; 400 KB where they are wide

  @TempDir Path dir;

  /** Keys of the write with that number. */
  private static List<Long> keys(long write) {
    return LongStream.range(write * ROWS, (write + 1) * ROWS).boxed().toList();
  }

  private static boolean taken(MutationResult answer, ErrorCode otherwise) {
    if (answer.getStatus().getReason().isEmpty()) {
      LiveRows.done(answer);
      return true;
    }
    assertThat(answer.getStatus().getReason()).startsWith(otherwise.code() + " ");
    assertThat(answer.getStatus().getCode()).isNotZero();
    return false;
  }

  @Test
  void aSlowTargetHoldsWritersBackAndLosesNothing() throws Exception {
    LiveRows rows = LiveRows.of("slow").withDimension(WIDE);
    String source = LiveGateway.variable("FERRY_IT_SOURCE");
    try (FaultyServer target = FaultyServer.before(LiveGateway.variable("FERRY_IT_TARGET"));
        LiveGateway gateway = new LiveGateway(dir, source, target.uri(), ByteSize.parse("2M"))) {
      gateway.mirror(rows);
      target.slowWrites(2);
      long write = 0;
      while (taken(gateway.through.insert(rows.insert(keys(write), write)), LAGGING)) {
        write++;
        assertThat(write).as("writes until the limit").isLessThan(40);
      }
      assertThat(gateway.status(rows).pendingRecords()).isPositive();
      assertThat(rows.all(gateway.source)).as("a refused write is not made").hasSize(size(write));
      assertThat(gateway.status(rows).failedWrites()).isZero();

      int refused = 0;
      for (long next = write + 8; write < next; ) {
        if (taken(gateway.through.insert(rows.insert(keys(write), write)), LAGGING)) {
          write++;
        } else {
          refused++;
          Thread.sleep(50);
        }
      }
      assertThat(refused).as("writes go on at the pace of the target").isPositive();
      target.good();
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.target)).hasSize(size(write)).isEqualTo(rows.all(gateway.source));
    }
  }

  private static int size(long writes) {
    return Math.toIntExact(writes * ROWS);
  }

  @Test
  void pymilvusWaitsByItselfForASlowTarget() throws Exception {
    LiveRows rows = LiveRows.of("patient").withDimension(WIDE);
    String source = LiveGateway.variable("FERRY_IT_SOURCE");
    try (FaultyServer target = FaultyServer.before(LiveGateway.variable("FERRY_IT_TARGET"));
        LiveGateway gateway = new LiveGateway(dir, source, target.uri(), ByteSize.parse("2M"))) {
      gateway.mirror(rows);
      target.slowWrites(1);
      PythonClient.run("patient_client.py", gateway.uri(), rows.name(), Integer.toString(WIDE));
      target.good();
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.target)).hasSize(2_000).isEqualTo(rows.all(gateway.source));
    }
  }

  @Test
  void takesNoWriteWhileTheDiskOfTheJournalIsFull() throws Exception {
    // The driver unpacks its library where the first journal of the process is.
    System.setProperty("org.sqlite.tmpdir", dir.toString());
    LiveRows rows = LiveRows.of("full").withDimension(WIDE);
    Path state = dir.resolve("disk").resolve("state");
    try (SmallDisk disk = new SmallDisk(dir.resolve("disk"), 8);
        LiveGateway gateway = LiveGateway.start(state)) {
      gateway.mirror(rows);
      gateway.control.replay(rows.collection(), false);
      long write = 0;
      while (taken(gateway.through.insert(rows.insert(keys(write), write)), ErrorCode.DISK_FULL)) {
        write++;
      }
      assertThat(write).isGreaterThan(4);
      for (int i = 0; i < 5; i++) {
        assertThat(taken(gateway.through.upsert(rows.upsert(keys(write), -1)), ErrorCode.DISK_FULL))
            .isFalse();
      }
      assertThat(rows.all(gateway.source)).hasSize(size(write)).doesNotContainValue(-1L);
      assertThat(gateway.status(rows).pendingRecords()).isEqualTo(write);

      disk.resize(64);
      LiveRows.done(gateway.through.insert(rows.insert(keys(write), write)));
      gateway.control.replay(rows.collection(), true);
      gateway.awaitReplayed(rows);
      assertThat(rows.all(gateway.target))
          .hasSize(size(write + 1))
          .isEqualTo(rows.all(gateway.source));
      assertThat(gateway.status(rows).dirty()).isFalse();
    }
  }

  @Test
  void aCollectionThatIsDroppedAndMadeAnewAtTheSourceIsMirroredNoMore() throws Exception {
    LiveRows rows = LiveRows.of("anew");
    try (LiveGateway gateway = LiveGateway.start(dir)) {
      gateway.mirror(rows);
      gateway.control.readWeight(rows.collection(), 50);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0), 1)));
      gateway.awaitReplayed(rows);
      rows.drop(gateway.source);
      assertThat(gateway.through.insert(rows.insert(keys(1), 1)).getStatus().getReason())
          .as("the answer of the source")
          .containsPattern("can't find collection|collection not found");
      String why = awaitBroken(gateway, rows);
      assertThat(why).contains("the source has no").contains(rows.name());
      assertThat(gateway.status(rows).replaying()).isFalse();
      assertThat(gateway.status(rows).readWeight()).isZero();

      LiveRows other = rows.withDimension(8);
      other.create(gateway.source);
      LiveRows.done(gateway.through.insert(other.insert(keys(2), 2)));
      assertThat(other.all(gateway.through)).hasSize(ROWS);
      assertThat(gateway.status(rows).pendingRecords()).as("none of its writes is kept").isZero();
      assertThatThrownBy(() -> gateway.control.replay(rows.collection(), true))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_REPLACED));
      assertThat(rows.all(gateway.target).keySet()).containsExactlyElementsOf(keys(0));

      gateway.control.forget(rows.collection());
      rows.drop(gateway.target);
      other.create(gateway.target);
      gateway.control.mirror(rows.collection());
      gateway.control.replay(rows.collection(), true);
      LiveRows.done(gateway.through.insert(other.insert(keys(3), 3)));
      gateway.awaitReplayed(rows);
      assertThat(other.all(gateway.target).keySet()).containsExactlyElementsOf(keys(3));
    }
  }

  @Test
  void aCollectionThatWasMadeAnewWhileTheGatewayWasAwayIsKnownByTheJournal() throws Exception {
    LiveRows rows = LiveRows.of("behind");
    try (LiveGateway gateway = LiveGateway.start(dir)) {
      gateway.mirror(rows);
      LiveRows.done(gateway.through.insert(rows.insert(keys(0), 1)));
      gateway.awaitReplayed(rows);
      rows.drop(gateway.source);
      rows.create(gateway.source);
    }
    try (LiveGateway gateway = LiveGateway.start(dir)) {
      assertThat(awaitBroken(gateway, rows)).contains("made anew");
    }
  }

  private static String awaitBroken(LiveGateway gateway, LiveRows rows) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (gateway.status(rows).replaying() && System.nanoTime() < end) {
      Thread.sleep(100);
    }
    Thread.sleep(100);
    return gateway.status(rows).lastReplayError();
  }

  @Test
  void aWriteIntoAPartitionThatTheTargetLacksWaitsForIt() throws Exception {
    LiveRows rows = LiveRows.of("part");
    try (LiveGateway gateway = LiveGateway.start(dir)) {
      gateway.mirror(rows);
      CreatePartitionRequest partition =
          CreatePartitionRequest.newBuilder()
              .setCollectionName(rows.name())
              .setPartitionName("later")
              .build();
      LiveRows.done(gateway.source.createPartition(partition));
      LiveRows.done(
          gateway.through.insert(
              rows.insert(keys(0), 1).toBuilder().setPartitionName("later").build()));
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (gateway.status(rows).lastReplayError().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(50);
      }
      assertThat(gateway.status(rows).lastReplayError()).contains("partition");
      assertThat(gateway.status(rows).pendingRecords()).isEqualTo(1);

      LiveRows.done(gateway.target.createPartition(partition));
      gateway.awaitReplayed(rows);
      assertThat(rows.all(gateway.target)).isEqualTo(rows.all(gateway.source)).hasSize(ROWS);
    }
  }

  /** The proxy in front of the source moves the timestamps that the gateway and clients see. */
  @ParameterizedTest
  @ValueSource(ints = {20, -20})
  void sessionsAreRightAndQuickOnATargetWithAnotherClock(int ahead) throws Exception {
    LiveRows rows = LiveRows.of("clock");
    String target = LiveGateway.variable("FERRY_IT_TARGET");
    try (FaultyServer source = FaultyServer.before(LiveGateway.variable("FERRY_IT_SOURCE"));
        LiveGateway gateway = new LiveGateway(dir, source.uri(), target)) {
      source.ahead(ahead);
      gateway.mirror(rows);
      gateway.control.readWeight(rows.collection(), 100);
      for (long key = 0; key < 10; key++) {
        MutationResult written =
            LiveRows.done(gateway.through.insert(rows.insert(List.of(key), key)));
        if (key % 2 == 0) {
          gateway.awaitReplayed(rows);
        }
        long began = System.nanoTime();
        SearchResults found =
            gateway.through.search(
                rows.search(ConsistencyLevel.Session)
                    .setGuaranteeTimestamp(written.getTimestamp())
                    .build());
        LiveRows.done(found.getStatus());
        assertThat(found.getResults().getIds().getIntId().getDataList()).contains(key);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      }
      ReadCounts reads = gateway.status(rows).reads();
      assertThat(reads.target().calls()).isGreaterThanOrEqualTo(5);
      assertThat(reads.target().errors()).isZero();
    }
  }
}
