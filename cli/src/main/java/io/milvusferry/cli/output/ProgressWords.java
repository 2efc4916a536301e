package io.milvusferry.cli.output;

import io.milvusferry.progress.ByteSize;
import java.time.Duration;
import java.util.Locale;

/** Numbers of a long operation as people read them. */
public final class ProgressWords {
  private static final String UNITS = "kMGT";

  private ProgressWords() {}

  /** {@code 18.7 M rows}, {@code 1 row}. */
  public static String rows(long rows) {
    return count(rows) + (rows == 1 ? " row" : " rows");
  }

  /** {@code 18.7 M}, {@code 950}. */
  static String count(long number) {
    if (number < 10_000) {
      return Long.toString(number);
    }
    double value = number;
    int power = -1;
    while (value >= 999.5 && power < UNITS.length() - 1) {
      value /= 1000;
      power++;
    }
    return String.format(
        Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, UNITS.charAt(power));
  }

  /** {@code 02:11}, {@code 1:02:11}. */
  static String clock(Duration time) {
    return time.toHours() > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%02d:%02d", time.toMinutesPart(), time.toSecondsPart());
  }

  /** Everything about a task but its name, such as {@code 78 % 18.7 M rows 212 MB/s ETA 02:11}. */
  static String describe(TaskState state) {
    StringBuilder line = new StringBuilder();
    state.fraction().ifPresent(part -> append(line, percent(part)));
    if (state.totalBytes() > 0) {
      append(line, new ByteSize(state.bytes()) + " / " + new ByteSize(state.totalBytes()));
    } else if (state.bytes() > 0) {
      append(line, new ByteSize(state.bytes()).toString());
    }
    if (state.rows() > 0) {
      append(line, rows(state.rows()));
    }
    if (state.finished()) {
      return append(line, "done").toString();
    }
    if (state.bytesPerSecond() >= 1) {
      append(line, new ByteSize(Math.round(state.bytesPerSecond())) + "/s");
    } else if (state.rowsPerSecond() >= 1) {
      append(line, rows(Math.round(state.rowsPerSecond())) + "/s");
    }
    state.remaining().ifPresent(left -> append(line, "ETA " + clock(left)));
    return line.isEmpty() ? "started" : line.toString();
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%3d %%", (int) (part * 100));
  }

  private static StringBuilder append(StringBuilder line, String word) {
    return line.append(line.isEmpty() ? "" : "  ").append(word);
  }
}
