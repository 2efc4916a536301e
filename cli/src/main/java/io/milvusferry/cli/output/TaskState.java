package io.milvusferry.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far one task, or all of them together, is.
 *
 * @param totalRows -1 if unknown
 * @param totalBytes -1 if unknown
 * @param bytesPerSecond over the last seconds
 */
record TaskState(
    String task,
    long rows,
    long totalRows,
    long bytes,
    long totalBytes,
    double rowsPerSecond,
    double bytesPerSecond,
    boolean finished) {

  /** Between 0 and 1; empty while the total is unknown. */
  Optional<Double> fraction() {
    if (finished) {
      return Optional.of(1.0);
    }
    if (totalBytes > 0 && bytes > 0) {
      return Optional.of(Math.min(1.0, (double) bytes / totalBytes));
    }
    if (totalRows > 0) {
      return Optional.of(Math.min(1.0, (double) rows / totalRows));
    }
    return totalBytes > 0 ? Optional.of(0.0) : Optional.empty();
  }

  /** Time to go at the present speed; empty while nobody can know. */
  Optional<Duration> remaining() {
    if (finished) {
      return Optional.empty();
    }
    if (totalBytes > 0 && bytesPerSecond >= 1) {
      return Optional.of(seconds(Math.max(0, totalBytes - bytes) / bytesPerSecond));
    }
    if (totalRows > 0 && rowsPerSecond >= 1) {
      return Optional.of(seconds(Math.max(0, totalRows - rows) / rowsPerSecond));
    }
    return Optional.empty();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofSeconds(Math.round(seconds));
  }

  /**
   * Counts what one task did. Speed is measured between the last looks at it.
   *
   * <p>Not safe for several threads.
   */
  static final class Counter {
    /** Speeds are averaged over about this time. */
    private static final double WINDOW_SECONDS = 5;

    private final String task;
    private long rows;
    private long totalRows = -1;
    private long bytes;
    private long totalBytes = -1;
    private boolean finished;
    private Instant measured;
    private long measuredRows;
    private long measuredBytes;
    private double rowsPerSecond;
    private double bytesPerSecond;

    Counter(String task, Instant now) {
      this.task = task;
      this.measured = now;
    }

    void total(long expectedRows, long expectedBytes) {
      totalRows = expectedRows;
      totalBytes = expectedBytes;
    }

    void add(long moreRows, long moreBytes) {
      rows += moreRows;
      bytes += moreBytes;
    }

    void finish() {
      finished = true;
    }

    TaskState look(Instant now) {
      double seconds = Duration.between(measured, now).toNanos() / 1e9;
      if (seconds > 0) {
        double weight = Math.min(1, seconds / WINDOW_SECONDS);
        rowsPerSecond += weight * ((rows - measuredRows) / seconds - rowsPerSecond);
        bytesPerSecond += weight * ((bytes - measuredBytes) / seconds - bytesPerSecond);
        measured = now;
        measuredRows = rows;
        measuredBytes = bytes;
      }
      return new TaskState(
          task, rows, totalRows, bytes, totalBytes, rowsPerSecond, bytesPerSecond, finished);
    }
  }
}
