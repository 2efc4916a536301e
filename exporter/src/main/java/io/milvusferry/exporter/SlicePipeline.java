package io.milvusferry.exporter;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads several slices at once, and hands their rows on in the order of the slices.
 *
 * <p>Twice as many slices as readers are under way, so that a reader finds a slice to read while
 * the rows of those before are still being written. Each holds at most two batches beyond the one
 * that is being fetched, so memory is bounded by the number of readers, not by the rows.
 */
final class SlicePipeline implements RowFeed {
  private static final int WAITING = 2;

  private final RowSource source;
  private final Iterator<Slice> pending;
  private final int underWay;
  private final ExecutorService executor;
  private final Runnable afterSlice;
  private final Deque<Reader> running = new ArrayDeque<>();

  /**
   * @param slices in the order in which rows are wanted
   * @param readers how many slices are read at once, at least 1
   * @param executor has that many threads
   * @param afterSlice runs on the reading thread when a slice was read to its end; what it throws
   *     fails the pipeline
   */
  SlicePipeline(
      RowSource source,
      List<Slice> slices,
      int readers,
      ExecutorService executor,
      Runnable afterSlice) {
    this.source = source;
    this.pending = slices.iterator();
    this.underWay = 2 * readers;
    this.executor = executor;
    this.afterSlice = afterSlice;
  }

  /**
   * The next rows, or null when all slices are read. Fails as soon as the slice that is due fails.
   */
  @Override
  public @Nullable SliceBatch next() throws InterruptedException {
    while (true) {
      while (running.size() < underWay && pending.hasNext()) {
        running.add(new Reader(pending.next()));
      }
      Reader due = running.peek();
      if (due == null) {
        return null;
      }
      RecordBatch batch = due.take();
      if (batch != null) {
        return new SliceBatch(due.slice, batch);
      }
      running.remove();
    }
  }

  /** Stops all readers; they end soon after. */
  @Override
  public void close() {
    running.forEach(reader -> reader.future.cancel(true));
  }

  /** What a reader hands over: rows, its end, or its failure. */
  private sealed interface Item {
    record Rows(RecordBatch batch) implements Item {}

    record End() implements Item {}

    record Failure(Throwable cause) implements Item {}
  }

  private final class Reader {
    private final Slice slice;
    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(WAITING);
    private final Future<?> future;

    Reader(Slice slice) {
      this.slice = slice;
      this.future = executor.submit(this::read);
    }

    private void read() {
      try {
        items.put(readAll());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Item readAll() throws InterruptedException {
      try (BatchCursor cursor = source.scan(slice, Set.of())) {
        for (RecordBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
          items.put(new Item.Rows(batch));
        }
        afterSlice.run();
        return new Item.End();
      } catch (RuntimeException | Error failure) {
        return new Item.Failure(failure);
      }
    }

    @Nullable RecordBatch take() throws InterruptedException {
      Item item = items.take();
      if (item instanceof Item.Rows rows) {
        return rows.batch();
      }
      if (item instanceof Item.Failure failure) {
        if (failure.cause() instanceof FerryException known) {
          throw new FerryException(known.code(), messageOf(known), known.hint(), known);
        }
        throw new FerryException(
            ErrorCode.BUG,
            "reading %s failed: %s".formatted(slice, failure.cause()),
            "Please report this with the output of --stacktrace.",
            failure.cause());
      }
      return null;
    }

    private static String messageOf(FerryException failure) {
      String message = failure.getMessage();
      return message == null ? failure.code().name() : message;
    }
  }
}
