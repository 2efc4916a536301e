package io.milvusferry.cli.config;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a program for a secret, such as {@code pass show milvus}. Words are split at blanks; no
 * shell runs. The program writes the secret to its standard output and ends with 0.
 */
final class SecretCommand {
  private SecretCommand() {}

  static Secret run(String command) {
    List<String> words = List.of(command.strip().split("\\s+"));
    String program = words.get(0);
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
          throw failed("the password command %s ended with %d".formatted(program, status), null);
        }
        return SecretFiles.secret(output, "the output of " + program);
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw failed("the password command %s cannot be run".formatted(program), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while " + program + " ran",
          "Run the same command again.",
          e);
    }
  }

  private static FerryException failed(String message, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.SECRET_UNREADABLE,
        message,
        "Run it by hand; it has to print the password and end with 0.",
        cause);
  }
}
