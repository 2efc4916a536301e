package io.milvusferry.exporter.segment;

import io.milvusferry.error.FerryException;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Loads units in the order of their smallest keys, ahead of need as far as memory allows. For one
 * thread.
 */
final class UnitQueue implements RowRuns {
  /** A unit on its way. */
  private record Coming(UnitPlan plan, Future<Optional<UnitRows>> rows) {}

  private final Deque<UnitPlan> pending;
  private final Deque<Coming> coming = new ArrayDeque<>();
  private final UnitReader reader;
  private final KeyRange range;
  private final ExecutorService executor;
  private final int ahead;
  private final long budget;
  private long held;

  /**
   * @param plans sorted by smallest key
   * @param ahead units that are loaded at once at most
   * @param budget bytes of memory that units may take; one is loaded in any case
   */
  UnitQueue(
      List<UnitPlan> plans,
      UnitReader reader,
      KeyRange range,
      ExecutorService executor,
      int ahead,
      long budget) {
    this.pending = new ArrayDeque<>(plans);
    this.reader = reader;
    this.range = range;
    this.executor = executor;
    this.ahead = ahead;
    this.budget = budget;
  }

  @Override
  public @Nullable Key next() {
    Coming first = coming.peek();
    UnitPlan plan = first == null ? pending.peek() : first.plan();
    return plan == null ? null : plan.min();
  }

  /** Waits for the next unit; empty if it has no rows in the range. */
  @Override
  public Optional<RowRun> take() throws InterruptedException {
    startMore();
    if (coming.isEmpty()) {
      start(pending.remove());
    }
    Coming first = coming.remove();
    try {
      Optional<UnitRows> rows = first.rows().get();
      if (rows.isEmpty()) {
        held -= first.plan().bytes();
      }
      return rows.map(LoadedUnit::new);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FerryException known) {
        throw known;
      }
      throw new IllegalStateException("loading a unit failed", e);
    }
  }

  private void startMore() {
    while (!pending.isEmpty()
        && coming.size() < ahead
        && held + pending.element().bytes() <= budget) {
      start(pending.remove());
    }
  }

  private void start(UnitPlan plan) {
    held += plan.bytes();
    coming.add(new Coming(plan, executor.submit(() -> reader.load(plan, range))));
  }

  @Override
  public void close() {
    coming.forEach(unit -> unit.rows().cancel(true));
  }

  /** A whole unit. */
  private final class LoadedUnit implements RowRun {
    private final UnitRows rows;

    LoadedUnit(UnitRows rows) {
      this.rows = rows;
    }

    @Override
    public UnitRows rows() {
      return rows;
    }

    @Override
    public boolean advance() {
      return false;
    }

    @Override
    public void close() {
      held -= rows.bytes();
      startMore();
    }
  }
}
