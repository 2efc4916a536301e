package io.milvusferry.cli.output;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * A JSON object a second, for machines. Counts are strings, since readers make doubles of numbers.
 */
final class JsonProgress implements ProgressRenderer {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Console console;

  JsonProgress(Console console) {
    this.console = console;
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public void render(List<TaskState> tasks, TaskState total) {
    JsonObject line = new JsonObject();
    line.addProperty("type", "progress");
    describe(line, total);
    JsonArray running = new JsonArray();
    for (TaskState task : tasks) {
      if (!task.finished()) {
        JsonObject object = new JsonObject();
        object.addProperty("task", task.task());
        describe(object, task);
        running.add(object);
      }
    }
    line.add("tasks", running);
    console.result(line);
  }

  private static void describe(JsonObject object, TaskState state) {
    object.addProperty("rows", Long.toString(state.rows()));
    if (state.totalRows() >= 0) {
      object.addProperty("totalRows", Long.toString(state.totalRows()));
    }
    object.addProperty("bytes", Long.toString(state.bytes()));
    if (state.totalBytes() >= 0) {
      object.addProperty("totalBytes", Long.toString(state.totalBytes()));
    }
    object.addProperty("bytesPerSecond", Long.toString(Math.round(state.bytesPerSecond())));
    state.remaining().ifPresent(left -> object.addProperty("remainingSeconds", left.toSeconds()));
  }

  @Override
  public void notice(String text) {
    console.message("note: " + text);
  }
}
