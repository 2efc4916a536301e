package io.milvusferry.gateway.journal;

import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ShadowCounts;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many writes a second the journal takes and gives: {@code JournalThroughput DIRECTORY WRITERS
 * RECORDS BYTES}. Every write is on disk before its writer goes on. Prints a line for each phase:
 * its name, records, seconds.
 */
final class JournalThroughput {
  private static final CollectionName NAME = new CollectionName("default", "bench");

  private JournalThroughput() {}

  public static void main(String[] words) throws InterruptedException {
    int writers = Integer.parseInt(words[1]);
    int records = Integer.parseInt(words[2]);
    byte[] body = new byte[Integer.parseInt(words[3])];
    new Random(1).nextBytes(body);
    ReplaySide side = new AnySide();
    try (Mirroring mirroring =
        Mirroring.open(
            Path.of(words[0]),
            "a",
            "b",
            side,
            side,
            MirroringSettings.DEFAULT,
            InstantSource.system(),
            new Random(1))) {
      mirroring.mirror(NAME, () -> 0);
      write(mirroring, writers, records / 5, body, "warm-up");
      replay(mirroring, "warm-up replay");
      mirroring.replay(NAME, false);
      write(mirroring, writers, records, body, "journal, replay held");
      replay(mirroring, "replay of them");
      write(mirroring, writers, records, body, "journal while replaying");
    }
  }

  private static void write(
      Mirroring mirroring, int writers, int records, byte[] body, String phase)
      throws InterruptedException {
    AtomicLong next = new AtomicLong();
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      Thread thread =
          new Thread(
              () -> {
                long key = next.incrementAndGet();
                while (key <= records) {
                  List<Key> keys = List.of(new Key.Int64(key));
                  mirroring
                      .intend(new Write(NAME, WriteKind.UPSERT, "", body, keys))
                      .done(key, new byte[0]);
                  key = next.incrementAndGet();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    tell(phase, records, began);
  }

  private static void replay(Mirroring mirroring, String phase) throws InterruptedException {
    long records = mirroring.status(NAME, ReadCounts.NONE, ShadowCounts.NONE).pendingRecords();
    long began = System.nanoTime();
    mirroring.replay(NAME, true);
    while (!mirroring.status(NAME, ReadCounts.NONE, ShadowCounts.NONE).caughtUp()) {
      Thread.sleep(1);
    }
    tell(phase, records, began);
  }

  @SuppressWarnings("SystemOut")
  private static void tell(String phase, long records, long began) {
    System.out.printf("%s;%d;%.3f%n", phase, records, (System.nanoTime() - began) / 1e9);
  }

  /** A server that does everything at once. */
  private static final class AnySide implements ReplaySide {
    private final AtomicLong clock = new AtomicLong();

    @Override
    public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
      return new ReplayOutcome.Applied(clock.incrementAndGet());
    }

    @Override
    public Sighting look(CollectionName collection, String partition, List<Key> keys) {
      return new Sighting(Map.of(), Map.of());
    }

    @Override
    public Repair repair(
        CollectionName collection, String partition, List<Key> keys, @Nullable Sighting before) {
      return new Repair(look(collection, partition, keys), 0, 0, 0, List.of());
    }
  }
}
