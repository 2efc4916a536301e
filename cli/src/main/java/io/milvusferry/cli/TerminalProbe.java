package io.milvusferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether standard error is a terminal. */
final class TerminalProbe {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private TerminalProbe() {}

  /** Whether standard error is a terminal; false where the system does not say. */
  static boolean standardErrorIsTerminal() {
    try {
      return Files.isSymbolicLink(STANDARD_ERROR)
          ? isTerminal(Files.readSymbolicLink(STANDARD_ERROR).toString())
          : askTheSystem();
    } catch (IOException expected) {
      // Neither way exists here; lines for logs can be read everywhere.
      return false;
    }
  }

  private static boolean askTheSystem() throws IOException {
    try {
      return new ProcessBuilder("test", "-t", "2")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static boolean isTerminal(String device) {
    return device.startsWith("/dev/pts/")
        || device.startsWith("/dev/tty")
        || device.equals("/dev/console");
  }
}
