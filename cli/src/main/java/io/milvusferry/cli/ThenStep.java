package io.milvusferry.cli;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.remote.RemoteShell;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

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
        run(
            line -> {
              if (lines.size() == MOST_LINES) {
                lines.removeFirst();
              }
              lines.addLast(line);
            });
    return new ThenReport(command, status, List.copyOf(lines));
  }

  private int run(Consumer<String> out) {
    try {
      return shell.run(command, out, line -> session.console().message("then: " + line));
    } catch (FerryException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        session
            .console()
            .message(
                "the archive is shipped; the command on the other side was asked to stop, and may"
                    + " still be running there");
      }
      throw e;
    }
  }
}
