package io.milvusferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The real command, each time in a process of its own, with its state, configuration and home in
 * one directory, which outlives the processes as a user's does.
 */
final class FerryCommand implements AutoCloseable {
  private final Path home;
  private final Map<String, String> variables;
  private final List<FerryProcess> started = new ArrayList<>();

  FerryCommand(Path home) {
    this(home, Map.of());
  }

  /**
   * @param variables of the environment, besides those of this process
   */
  FerryCommand(Path home, Map<String, String> variables) {
    this.home = home;
    this.variables = variables;
  }

  /** Where journals lie. */
  Path state() {
    return home.resolve("state").resolve("ferry");
  }

  /** Starts the command with these words, and JSON Lines on its standard output. */
  FerryProcess start(Object... words) {
    List<String> command = new ArrayList<>(List.of(Live.variable("FERRY_IT_FERRY")));
    for (Object word : words) {
      command.add(word.toString());
    }
    command.add("--json");
    return start(command);
  }

  private FerryProcess start(List<String> command) {
    try {
      Files.createDirectories(home);
      Path out = Files.createTempFile(home, "out", ".jsonl");
      Path err = Files.createTempFile(home, "err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      Map<String, String> environment = builder.environment();
      environment.remove("SSH_AUTH_SOCK");
      environment.remove("FERRY_PASSWORD");
      environment.put("HOME", home.toString());
      environment.put("XDG_STATE_HOME", home.resolve("state").toString());
      environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
      environment.putAll(variables);
      FerryProcess process = new FerryProcess(command, builder.start(), out, err);
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Runs the command to its end. */
  FerryRun run(Object... words) {
    return start(words).await();
  }

  /** Runs the command to its end as people do, without JSON. */
  FerryRun say(Object... words) {
    List<String> command = new ArrayList<>(List.of(Live.variable("FERRY_IT_FERRY")));
    for (Object word : words) {
      command.add(word.toString());
    }
    return start(command).await();
  }

  /** Kills what still runs. */
  @Override
  public void close() {
    started.forEach(FerryProcess::kill);
  }
}
