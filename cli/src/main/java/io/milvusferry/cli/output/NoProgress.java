package io.milvusferry.cli.output;

import java.time.Duration;
import java.util.List;

/** Shows notices alone. */
final class NoProgress implements ProgressRenderer {
  private final Console console;

  NoProgress(Console console) {
    this.console = console;
  }

  @Override
  public Duration interval() {
    return Duration.ofDays(1);
  }

  @Override
  public void render(List<TaskState> tasks, TaskState total) {}

  @Override
  public void notice(String text) {
    console.message("note: " + text);
  }
}
