package io.milvusferry.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a run of the command finds around it.
 *
 * @param environment the environment's variables
 * @param out standard output: results only
 * @param err standard error: progress, log and errors
 * @param errIsTerminal whether someone looks at {@code err}
 * @param directory the working directory
 */
record Surroundings(
    Map<String, String> environment,
    PrintStream out,
    PrintStream err,
    boolean errIsTerminal,
    Path directory,
    InstantSource clock) {
  Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  static Surroundings ofThisProcess() {
    return new Surroundings(
        System.getenv(),
        new PrintStream(System.out, false, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        TerminalProbe.standardErrorIsTerminal(),
        Path.of("").toAbsolutePath(),
        InstantSource.system());
  }

  /** What standard error is connected with. */
  Terminal terminal() {
    return new Terminal(errIsTerminal, environment);
  }

  /**
   * Where journals of ship, receive and import lie: {@code $XDG_STATE_HOME/ferry}, else {@code
   * ~/.local/state/ferry}.
   */
  Path stateDirectory() {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    return (state.isEmpty() ? home().resolve(".local/state") : Path.of(state)).resolve("ferry");
  }

  /** The user's home directory. */
  Path home() {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
  }
}
