package io.milvusferry.cli.output;

import io.milvusferry.progress.ProgressSink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what is done, and shows it whenever the interval of the style is over and something is
 * told. Safe for several threads.
 */
public final class Progress implements ProgressSink, AutoCloseable {
  private final ProgressRenderer renderer;
  private final InstantSource clock;
  private final Map<String, TaskState.Counter> tasks = new LinkedHashMap<>();
  private final TaskState.Counter total;
  private Instant due;

  private Progress(ProgressRenderer renderer, InstantSource clock) {
    this.renderer = renderer;
    this.clock = clock;
    this.total = new TaskState.Counter("total", clock.instant());
    this.due = clock.instant().plus(renderer.interval());
  }

  /**
   * Shows progress in a style that is not {@code AUTO}.
   *
   * @param columns width of the terminal
   */
  public static Progress in(
      ProgressStyle style, Console console, int columns, InstantSource clock) {
    return new Progress(style.renderer(console, columns), clock);
  }

  @Override
  public synchronized void started(String task, long totalRows, long totalBytes) {
    counter(task).total(totalRows, totalBytes);
    showIfDue();
  }

  @Override
  public synchronized void advanced(String task, long rows, long bytes) {
    counter(task).add(rows, bytes);
    total.add(rows, bytes);
    showIfDue();
  }

  @Override
  public synchronized void finished(String task) {
    counter(task).finish();
    showIfDue();
  }

  @Override
  public synchronized void notice(String text) {
    renderer.notice(text);
  }

  @Override
  public synchronized void close() {
    renderer.end();
  }

  private TaskState.Counter counter(String task) {
    return tasks.computeIfAbsent(task, name -> new TaskState.Counter(name, clock.instant()));
  }

  private void showIfDue() {
    Instant now = clock.instant();
    if (now.isBefore(due)) {
      return;
    }
    Duration interval = renderer.interval();
    due = now.plus(interval);
    List<TaskState> states = new ArrayList<>();
    long rows = 0;
    long bytes = 0;
    for (TaskState.Counter counter : tasks.values()) {
      TaskState state = counter.look(now);
      states.add(state);
      rows = sum(rows, state.finished() ? state.rows() : state.totalRows());
      bytes = sum(bytes, state.finished() ? state.bytes() : state.totalBytes());
    }
    total.total(rows, bytes);
    renderer.render(states, total.look(now));
  }

  /** The sum of two totals, unknown where one is. */
  private static long sum(long one, long other) {
    return one < 0 || other < 0 ? -1 : one + other;
  }
}
