package io.milvusferry.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MirroringTest {
  private static final CollectionName BOOKS = new CollectionName("default", "books");

  @TempDir Path dir;

  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

  private final ReplaySide side =
      new ReplaySide() {
        @Override
        public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
          sent.add(new String(request, StandardCharsets.UTF_8));
          return new ReplayOutcome.Applied(sent.size());
        }

        @Override
        public Repair repair(CollectionName collection, String partition, List<Key> keys) {
          return new Repair(0, List.of());
        }
      };

  private Mirroring open(String source) {
    return Mirroring.open(
        dir,
        source,
        "b",
        side,
        side,
        MirroringSettings.DEFAULT,
        InstantSource.system(),
        new Random(1));
  }

  private static Write upsert(String body, long key) {
    return new Write(
        BOOKS,
        WriteKind.UPSERT,
        "",
        body.getBytes(StandardCharsets.UTF_8),
        List.of(new Key.Int64(key)));
  }

  private static void awaitCaughtUp(Mirroring mirroring) throws InterruptedException {
    while (!status(mirroring).caughtUp()) {
      Thread.sleep(5);
    }
  }

  private static MirrorStatus status(Mirroring mirroring) {
    return mirroring.status(BOOKS, ReadCounts.NONE, ShadowCounts.NONE);
  }

  @Test
  void replaysWritesOfOneRowInTheOrderOfTheirTimestampsOnceItIsLetGo() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      WriteLog.Intent first = mirroring.intend(upsert("older", 1));
      WriteLog.Intent second = mirroring.intend(upsert("newer", 1));
      second.done(20, new byte[0]);
      assertThat(status(mirroring).pendingRecords()).isEqualTo(2);
      first.done(10, new byte[0]);
      Thread.sleep(50);
      assertThat(sent).isEmpty();
      mirroring.replay(BOOKS, true);
      awaitCaughtUp(mirroring);
    }
    assertThat(sent).containsExactly("older", "newer");
  }

  @Test
  void goesOnWhereTheLastProcessStopped() throws Exception {
    try (Mirroring mirroring = open("a")) {
      mirroring.mirror(BOOKS, () -> 7);
      mirroring.readWeight(BOOKS, 30);
      mirroring.intend(upsert("kept", 1)).done(10, " and its ids".getBytes(StandardCharsets.UTF_8));
    }
    try (Mirroring mirroring = open("a")) {
      assertThat(mirroring.find(BOOKS))
          .hasValueSatisfying(m -> assertThat(m.readWeight()).isEqualTo(30));
      assertThat(status(mirroring).pendingRecords()).isOne();
      assertThat(status(mirroring).sinceTimestamp()).isEqualTo(7);
      mirroring.replay(BOOKS, true);
      awaitCaughtUp(mirroring);
    }
    assertThat(sent).containsExactly("kept and its ids");
  }

  @Test
  void isForOneProcessAndForTheServersItWasMadeFor() {
    try (Mirroring mirroring = open("a")) {
      assertThat(mirroring.collections()).isEmpty();
      assertThatThrownBy(() -> open("a"))
          .isInstanceOfSatisfying(
              FerryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED));
    }
    assertThatThrownBy(() -> open("other"))
        .isInstanceOfSatisfying(
            FerryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.GATEWAY_STATE_OTHER));
    open("a").close();
  }
}
