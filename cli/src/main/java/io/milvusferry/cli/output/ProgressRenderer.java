package io.milvusferry.cli.output;

import java.time.Duration;
import java.util.List;

/** Shows how far things are, in one of several ways. Called by one thread at a time. */
interface ProgressRenderer {
  /** Time between two looks. */
  Duration interval();

  /**
   * Shows the state of things.
   *
   * @param tasks in the order in which they began
   * @param total all of them together
   */
  void render(List<TaskState> tasks, TaskState total);

  /** Shows a sentence that the operator should read. */
  void notice(String text);

  /** Leaves the screen as a shell expects it. */
  default void end() {}
}
