package io.milvusferry.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.record.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KilledWriterTest {
  private static final long SEED = 20261124;
  private static final int ROUNDS = 4;

  @TempDir Path dir;

  @Test
  void everyWriteThatWasPromisedIsThereAfterTheProcessWasKilled() throws Exception {
    Random random = new Random(SEED);
    Set<Long> promised = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      promised.addAll(writeAndKill(round * 10_000_000L + round, 20 + random.nextInt(400)));
      Set<Long> kept = new HashSet<>();
      try (Mirroring mirroring = KilledWriter.open(dir, new KilledWriter.FollowingSide())) {
        WriteJournal journal = mirroring.journal();
        journal.scan(
            row ->
                journal
                    .read(statements -> RecordTable.read(statements, row))
                    .keys()
                    .forEach(key -> kept.add(((Key.Int64) key).value())));
        MirrorStatus status =
            mirroring.status(KilledWriter.NAME, ReadCounts.NONE, ShadowCounts.NONE);
        assertThat(status.pendingRecords() + status.unresolved()).isEqualTo(kept.size());
        assertThat(status.dirty()).isFalse();
      }
      assertThat(kept).as("round %d of seed %d", round, SEED).containsAll(promised);
    }
    assertThat(promised).hasSizeGreaterThan(ROUNDS * 20);
  }

  /** Returns the keys that the process told before it was killed. */
  private Set<Long> writeAndKill(long firstKey, int lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                dir.toString(),
                String.valueOf(firstKey))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Set<Long> keys = new HashSet<>();
    try (BufferedReader told =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = told.readLine();
      while (line != null) {
        keys.add(Long.parseLong(line));
        if (keys.size() == lines) {
          // Not by the process itself: that would throw away what is still to be read from it.
          assertThat(process.toHandle().destroyForcibly()).isTrue();
        }
        line = whole(told);
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    return keys;
  }

  /** The next line, but for one that the kill cut short. */
  private static @Nullable String whole(BufferedReader told) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = told.read();
    while (next >= 0 && next != '\n') {
      line.append((char) next);
      next = told.read();
    }
    return next < 0 ? null : line.toString();
  }
}
