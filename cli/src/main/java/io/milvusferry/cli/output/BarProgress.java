package io.milvusferry.cli.output;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Bars that are drawn over and over in the same place, for terminals. */
final class BarProgress implements ProgressRenderer {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final int BAR = 24;
  private static final int NAME = 28;
  private static final int MOST_TASKS = 8;
  private static final String CLEAR_LINE = "\u001b[2K";

  private final Console console;
  private final int columns;
  private List<String> drawn = List.of();

  BarProgress(Console console, int columns) {
    this.console = console;
    this.columns = columns;
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public void render(List<TaskState> tasks, TaskState total) {
    List<TaskState> running = tasks.stream().filter(task -> !task.finished()).toList();
    List<String> lines = new ArrayList<>();
    running.stream().limit(MOST_TASKS).forEach(task -> lines.add(line(task)));
    if (running.size() > MOST_TASKS) {
      lines.add(fit("  and %d more".formatted(running.size() - MOST_TASKS)));
    }
    if (tasks.size() > 1 && !running.isEmpty()) {
      lines.add(line(total));
    }
    if (!running.isEmpty()) {
      lines.add(fit("  safe to stop (Ctrl-C), rerun resumes"));
    }
    console.draw(erase() + String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"));
    drawn = lines;
  }

  @Override
  public void notice(String text) {
    console.draw(erase());
    console.message("note: " + text);
    console.draw(String.join("\n", drawn) + (drawn.isEmpty() ? "" : "\n"));
  }

  @Override
  public void end() {
    console.draw(erase());
    drawn = List.of();
  }

  private String erase() {
    return ("\u001b[1A" + CLEAR_LINE).repeat(drawn.size()) + (drawn.isEmpty() ? "" : "\r");
  }

  private String line(TaskState state) {
    int full = (int) Math.round(state.fraction().orElse(0.0) * BAR);
    String bar = "█".repeat(full) + "░".repeat(BAR - full);
    String name = state.task();
    String shown = name.length() > NAME ? "…" + name.substring(name.length() - NAME + 1) : name;
    return fit("  %-28s %s %s".formatted(shown, bar, ProgressWords.describe(state)));
  }

  private String fit(String line) {
    return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1));
  }
}
