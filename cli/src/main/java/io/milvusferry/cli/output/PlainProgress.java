package io.milvusferry.cli.output;

import java.time.Duration;
import java.util.List;

/** One line now and then, for logs. */
final class PlainProgress implements ProgressRenderer {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Console console;

  PlainProgress(Console console) {
    this.console = console;
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public void render(List<TaskState> tasks, TaskState total) {
    List<TaskState> running = tasks.stream().filter(task -> !task.finished()).toList();
    if (running.size() == 1 && tasks.size() == 1) {
      console.message(running.get(0).task() + "  " + ProgressWords.describe(running.get(0)));
    } else if (!running.isEmpty()) {
      console.message(
          "%s  %s  (%d of %d done)"
              .formatted(
                  total.task(),
                  ProgressWords.describe(total),
                  tasks.size() - running.size(),
                  tasks.size()));
    }
  }

  @Override
  public void notice(String text) {
    console.message("note: " + text);
  }
}
