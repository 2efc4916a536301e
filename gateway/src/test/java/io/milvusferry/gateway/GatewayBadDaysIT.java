package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.MutationResult;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.testkit.FaultyServer;
import io.milvusferry.testkit.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway between two real Milvus servers while something around it goes wrong. */
class GatewayBadDaysIT {
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
      }
      assertThat(write).as("writes until the limit").isBetween(4L, 20L);
      assertThat(rows.all(gateway.source)).as("a refused write is not made").hasSize(size(write));
      assertThat(gateway.status(rows).pendingRecords()).isPositive();
      assertThat(gateway.status(rows).failedWrites()).isZero();

      int refused = 0;
      for (long next = write + 10; write < next; ) {
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

  private static final ErrorCode LAGGING = ErrorCode.MIRROR_LAGGING;

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
      python("patient_client.py", gateway.uri(), rows.name(), Integer.toString(WIDE));
      target.good();
      gateway.awaitReplayed(rows);

      assertThat(rows.all(gateway.target)).hasSize(2_000).isEqualTo(rows.all(gateway.source));
    }
  }

  private void python(String script, String... words) throws Exception {
    Path file = Path.of(Objects.requireNonNull(getClass().getResource("/" + script)).toURI());
    Path output = Files.createTempFile(dir, script, ".log");
    List<String> command = new java.util.ArrayList<>();
    command.add(LiveGateway.variable("FERRY_IT_PYTHON"));
    command.add(file.toString());
    command.addAll(List.of(words));
    Process client =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(client.waitFor()).as("%s: %s", script, Files.readString(output)).isZero();
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
}
