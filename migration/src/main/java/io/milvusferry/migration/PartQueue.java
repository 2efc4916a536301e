package io.milvusferry.migration;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.exporter.CollectionReading;
import io.milvusferry.importer.PartFeed;
import io.milvusferry.manifest.PartEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Parts that a thread of its own makes while others are loaded: those of earlier runs first, then
 * new ones. One part at most waits here, so that reading is never far ahead.
 */
final class PartQueue implements PartFeed {
  private static final Duration GENTLE_END = Duration.ofSeconds(5);

  private final CollectionReading reading;
  private final Deque<PartEntry> earlier;
  private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(1);
  private final Thread reader;
  private volatile boolean stopped;
  private boolean ended;

  /** What the reader hands over: a part, its end, or its failure. */
  private sealed interface Item {
    record Part(PartEntry part) implements Item {}

    record End() implements Item {}

    record Failure(Throwable cause) implements Item {}
  }

  /** Begins to read. */
  PartQueue(CollectionReading reading, List<PartEntry> earlier, String name) {
    this.reading = reading;
    this.earlier = new ArrayDeque<>(earlier);
    this.reader = new Thread(this::read, "ferry-read " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try {
      items.put(readAll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Item readAll() {
    try {
      reading.read(this::hand);
      return new Item.End();
    } catch (RuntimeException | Error failure) {
      return new Item.Failure(failure);
    }
  }

  private void hand(PartEntry part) {
    try {
      while (!stopped) {
        if (items.offer(new Item.Part(part), 1, TimeUnit.SECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw stoppedFailure();
  }

  @Override
  public Optional<PartEntry> next(Duration wait) {
    PartEntry known = earlier.poll();
    if (known != null || ended) {
      return Optional.ofNullable(known);
    }
    @Nullable Item item;
    try {
      item = items.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stoppedFailure();
    }
    if (item instanceof Item.Part made) {
      return Optional.of(made.part());
    }
    if (item instanceof Item.Failure failure) {
      throw failure(failure.cause());
    }
    ended = item instanceof Item.End;
    return Optional.empty();
  }

  @Override
  public boolean ended() {
    return ended && earlier.isEmpty();
  }

  @Override
  public void close() {
    stopped = true;
    items.clear();
    try {
      reader.join(GENTLE_END.toMillis());
      if (reader.isAlive()) {
        reader.interrupt();
        reader.join();
      }
    } catch (InterruptedException e) {
      reader.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private static FerryException failure(Throwable cause) {
    if (cause instanceof FerryException known) {
      return new FerryException(
          known.code(), String.valueOf(known.getMessage()), known.hint(), known);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new FerryException(
        ErrorCode.BUG,
        "reading failed: " + cause,
        "Please report this with the output of --stacktrace.",
        cause);
  }

  private static FerryException stoppedFailure() {
    return new FerryException(
        ErrorCode.INTERRUPTED,
        "the migration was stopped",
        "Run the same command again; it resumes.",
        null);
  }
}
