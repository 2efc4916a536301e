package io.milvusferry.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedJournalTest {
  private static final CollectionName BOOKS = new CollectionName("default", "books");
  private static final long SEED = 7;
  private static final int FLIPS = 300;

  @TempDir Path dir;

  private final List<String> sent = new ArrayList<>();
  private final List<String> written = new ArrayList<>();

  private final ReplaySide side =
      new ReplaySide() {
        @Override
        public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
          sent.add(collection + " " + kind + " " + new String(request, StandardCharsets.UTF_8));
          return new ReplayOutcome.Applied(1);
        }

        @Override
        public Sighting look(CollectionName collection, String partition, List<Key> keys) {
          throw new IllegalStateException("no write is of unknown outcome");
        }

        @Override
        public Repair repair(
            CollectionName collection,
            String partition,
            List<Key> keys,
            @Nullable Sighting before) {
          throw new IllegalStateException("no write is of unknown outcome");
        }
      };

  private Mirroring open() {
    return Mirroring.open(
        dir,
        "a",
        "b",
        side,
        side,
        MirroringSettings.DEFAULT,
        InstantSource.system(),
        new Random(1),
        Runnable::run,
        false);
  }

  @BeforeEach
  void aJournalOfTwentyWrites() {
    try (Mirroring mirroring = open()) {
      mirroring.mirror(BOOKS, () -> 0);
      for (int i = 0; i < 20; i++) {
        String body = "row " + i + " " + "x".repeat(i * 40);
        mirroring
            .intend(
                new Write(
                    BOOKS,
                    WriteKind.UPSERT,
                    "part",
                    body.getBytes(StandardCharsets.UTF_8),
                    List.of(new Key.Varchar("key " + i % 3))))
            .done(100 + i, i % 4 == 0 ? "ids".getBytes(StandardCharsets.UTF_8) : new byte[0]);
        written.add(BOOKS + " UPSERT " + body + (i % 4 == 0 ? "ids" : ""));
      }
      mirroring.replay(BOOKS, true);
      mirroring.journal().flush();
    }
  }

  private void replayAll() {
    sent.clear();
    try (Mirroring mirroring = open()) {
      mirroring.turn();
      mirroring.journal().flush();
    }
  }

  @Test
  void aFlippedBitIsFoundOrHarmless() throws IOException {
    Path file = dir.resolve("journal.db");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(SEED);
    int found = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] damaged = whole.clone();
      int place = random.nextInt(damaged.length);
      damaged[place] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        replayAll();
        assertThat(sent).as("byte %d flipped, seed %d", place, SEED).isEqualTo(written);
      } catch (FerryException e) {
        found++;
        assertThat(e.code())
            .as("byte %d flipped, seed %d: %s", place, SEED, e.getMessage())
            .isIn(
                ErrorCode.JOURNAL_DAMAGED, ErrorCode.CONFIG_INVALID, ErrorCode.GATEWAY_STATE_OTHER);
        assertThat(written).as("what was sent before").containsAll(sent);
      }
      Files.deleteIfExists(dir.resolve("journal.db-wal"));
      Files.deleteIfExists(dir.resolve("journal.db-shm"));
    }
    assertThat(found).isPositive();
  }

  @Test
  void aCutFileIsFound() throws IOException {
    Path file = dir.resolve("journal.db");
    byte[] whole = Files.readAllBytes(file);
    for (int pages = 1; pages < whole.length / 8192; pages++) {
      Files.write(file, Arrays.copyOf(whole, pages * 8192));
      assertThatThrownBy(this::replayAll)
          .isInstanceOfSatisfying(
              FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOURNAL_DAMAGED));
      Files.deleteIfExists(dir.resolve("journal.db-wal"));
      Files.deleteIfExists(dir.resolve("journal.db-shm"));
    }
  }

  @Test
  void aLargeJournalIsReadThroughOnlyAfterAProcessThatWasKilled() {
    assertThat(dir.resolve("journal.db-wal")).as("after a process that ended").doesNotExist();
    assertThat(JournalDatabase.check(1_000, 0)).isEqualTo("integrity_check");
    assertThat(JournalDatabase.check(1_000, 5)).isEqualTo("integrity_check");
    assertThat(JournalDatabase.check(10_000_000_000L, 0)).isEmpty();
    assertThat(JournalDatabase.check(10_000_000_000L, 5)).isEqualTo("quick_check");
  }

  @Test
  void anotherFileIsNoJournal() throws IOException {
    Files.writeString(dir.resolve("journal.db"), "something else ".repeat(100));
    assertThatThrownBy(this::replayAll)
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOURNAL_DAMAGED));
  }
}
