package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An Nginx that runs on this machine, steered by its own command. */
final class NginxServer {
  private static final long PATIENCE_SECONDS = 30;

  private final List<String> command;

  NginxServer(List<String> command) {
    this.command = List.copyOf(command);
  }

  /**
   * Has the configuration checked.
   *
   * @throws FerryException {@code NGINX_REFUSED} with Nginx's words
   */
  void check() {
    run("-t");
  }

  /** Has the configuration read again; calls under way are not cut. */
  void reload() {
    run("-s", "reload");
  }

  private void run(String... arguments) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(arguments));
    String line = String.join(" ", words);
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new FerryException(
          ErrorCode.NGINX_REFUSED,
          "'%s' cannot be run: %s".formatted(line, e.getMessage()),
          "Say with --nginx-command how Nginx is run here.",
          e);
    }
    try {
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw refused(line, "no answer for %d s".formatted(PATIENCE_SECONDS));
      }
      if (process.exitValue() != 0) {
        throw refused(line, said);
      }
    } catch (IOException e) {
      throw refused(line, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "waiting for Nginx was stopped",
          "Run the same command again; it goes on where it was.",
          e);
    } finally {
      process.destroy();
    }
  }

  private static FerryException refused(String line, String said) {
    return new FerryException(
        ErrorCode.NGINX_REFUSED,
        "'%s' failed: %s".formatted(line, said),
        "Mend the configuration of Nginx, then run the same command again.",
        null);
  }
}
