package io.milvusferry.cli;

import io.milvusferry.transfer.remote.RemoteShell;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The command that {@code ship} and {@code send} run on the other side once a bundle is there.
 *
 * @param command given to the shell of the login as it is
 */
record ThenStep(Session session, RemoteShell shell, String command) {
  /** Lines of standard output that are kept, the last ones. */
  private static final int MOST_LINES = 10_000;

  /** Runs the command; what it says on standard error is shown at once. */
  ThenReport report() {
    Deque<String> lines = new ArrayDeque<>();
    int status =
        shell.run(
            command,
            line -> {
              if (lines.size() == MOST_LINES) {
                lines.removeFirst();
              }
              lines.addLast(line);
            },
            line -> session.console().message("then: " + line));
    return new ThenReport(command, status, List.copyOf(lines));
  }
}
