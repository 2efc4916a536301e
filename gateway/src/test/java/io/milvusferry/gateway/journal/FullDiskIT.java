package io.milvusferry.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal on a disk that is full; it is a small one in memory, and mounting it needs root. */
@Timeout(120)
class FullDiskIT {
  private static final CollectionName BOOKS = new CollectionName("default", "books");
  private static final byte[] NO_KEYS = new byte[0];

  @TempDir Path dir;

  private final Set<Long> applied = ConcurrentHashMap.newKeySet();

  private final ReplaySide side =
      new ReplaySide() {
        @Override
        public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
          applied.add(Long.parseLong(new String(request, StandardCharsets.UTF_8).strip()));
          return new ReplayOutcome.Applied(1);
        }

        @Override
        public Sighting look(CollectionName collection, String partition, List<Key> keys) {
          return new Sighting(Map.of(), Map.of());
        }

        @Override
        public Repair repair(
            CollectionName collection,
            String partition,
            List<Key> keys,
            @Nullable Sighting before) {
          return new Repair(look(collection, partition, keys), 0, 0, 0, List.of());
        }
      };

  private Path disk() {
    return dir.resolve("disk");
  }

  @BeforeEach
  void mount() throws IOException {
    Files.createDirectories(disk());
    run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk().toString());
  }

  @AfterEach
  void unmount() throws IOException {
    run("umount", disk().toString());
  }

  private static void run(String... words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor()).as("%s: %s", List.of(words), said).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Mirroring open() {
    return Mirroring.open(
        disk().resolve("state"),
        "a",
        "b",
        side,
        side,
        MirroringSettings.DEFAULT,
        InstantSource.system(),
        new Random(1));
  }

  private static WriteLog.Intent intend(Mirroring mirroring, long key) {
    byte[] body = (key + " ".repeat(20_000)).getBytes(StandardCharsets.UTF_8);
    return mirroring.intend(
        new Write(BOOKS, WriteKind.UPSERT, "", body, List.of(new Key.Int64(key))));
  }

  private static MirrorStatus status(Mirroring mirroring) {
    return mirroring.status(BOOKS, ReadCounts.NONE, ShadowCounts.NONE);
  }

  @Test
  void refusesWritesWhileTheDiskIsFullAndKeepsAllThatItTook() throws Exception {
    // The driver unpacks its library where the first journal of the process is.
    System.setProperty("org.sqlite.tmpdir", dir.toString());
    long taken = 0;
    try (Mirroring mirroring = open()) {
      mirroring.mirror(BOOKS, () -> 0);
      WriteLog.Intent last = intend(mirroring, taken++);
      boolean full = false;
      while (!full) {
        try {
          WriteLog.Intent next = intend(mirroring, taken);
          last.done(taken, NO_KEYS);
          last = next;
          taken++;
        } catch (FerryException e) {
          assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.DISK_FULL);
          full = true;
        }
      }
      assertThat(taken).isGreaterThan(10);
      last.done(taken, NO_KEYS); // the server did it: that is not taken back
      assertThat(status(mirroring).pendingRecords()).isEqualTo(taken);

      run("mount", "-o", "remount,size=32m", disk().toString());
      intend(mirroring, taken++).done(taken, NO_KEYS);
      assertThat(status(mirroring).pendingRecords()).isEqualTo(taken);
    }
    try (Mirroring mirroring = open()) {
      assertThat(status(mirroring).pendingRecords()).isEqualTo(taken);
      assertThat(status(mirroring).unresolved()).isZero();
      mirroring.replay(BOOKS, true);
      while (!status(mirroring).caughtUp()) {
        Thread.sleep(10);
      }
      assertThat(applied).hasSize((int) taken);
    }
  }
}
