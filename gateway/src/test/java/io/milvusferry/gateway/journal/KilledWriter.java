package io.milvusferry.gateway.journal;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A process that writes to a journal until it is killed, and says what it was promised. */
final class KilledWriter {
  static final CollectionName NAME = new CollectionName("default", "books");
  private static final int WRITERS = 8;

  private KilledWriter() {}

  /** {@code KilledWriter DIRECTORY FIRST_KEY}; prints a key when its write is on disk. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] words) throws InterruptedException {
    PrintStream out = System.out;
    AtomicLong next = new AtomicLong(Long.parseLong(words[1]));
    try (Mirroring mirroring = open(Path.of(words[0]), new FollowingSide())) {
      mirroring.mirror(NAME, () -> 0);
      mirroring.replay(NAME, Long.parseLong(words[1]) % 2 == 0);
      Thread[] threads = new Thread[WRITERS];
      for (int i = 0; i < WRITERS; i++) {
        threads[i] = new Thread(() -> write(mirroring, next, out));
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  static Mirroring open(Path dir, ReplaySide side) {
    return Mirroring.open(
        dir,
        "a",
        "b",
        side,
        side,
        MirroringSettings.DEFAULT,
        InstantSource.system(),
        new Random(1));
  }

  private static void write(Mirroring mirroring, AtomicLong next, PrintStream out) {
    while (true) {
      long key = next.getAndIncrement();
      WriteLog.Intent intent =
          mirroring.intend(
              new Write(
                  NAME,
                  WriteKind.UPSERT,
                  "",
                  ("row " + key + " ").repeat(100).getBytes(StandardCharsets.UTF_8),
                  List.of(new Key.Int64(key))));
      String line = key + "\n";
      out.print(line);
      out.flush();
      intent.done(key, new byte[0]);
    }
  }

  /** Is down: so that every write stays in the journal. */
  static final class FollowingSide implements ReplaySide {
    @Override
    public ReplayOutcome apply(CollectionName collection, WriteKind kind, byte[] request) {
      return new ReplayOutcome.Later("down");
    }

    @Override
    public Sighting look(CollectionName collection, String partition, List<Key> keys) {
      throw new IllegalStateException("down");
    }

    @Override
    public Repair repair(
        CollectionName collection, String partition, List<Key> keys, @Nullable Sighting before) {
      throw new IllegalStateException("down");
    }
  }
}
