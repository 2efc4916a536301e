package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real Milvus of a test's own, which may be killed and started again with its data. */
final class LabMilvus implements AutoCloseable {
  private final Path directory;
  private final String uri;
  private long pid;

  private LabMilvus(Path directory, JsonObject about) {
    this.directory = directory;
    this.uri = about.get("uri").getAsString();
    this.pid = about.get("pid").getAsLong();
  }

  /** Starts one with its data in {@code directory}, and waits until it answers. */
  static LabMilvus start(Path directory) {
    return new LabMilvus(directory, lab("start", directory));
  }

  String uri() {
    return uri;
  }

  /** Ends it with SIGKILL, as a crash would. */
  void kill() {
    ProcessHandle.of(pid)
        .ifPresent(
            process -> {
              process.destroyForcibly();
              process.onExit().join();
            });
  }

  /** Starts it again on the same address, and waits until it answers. */
  void restart() {
    JsonObject about = lab("start", directory);
    assertThat(about.get("uri").getAsString()).isEqualTo(uri);
    pid = about.get("pid").getAsLong();
  }

  @Override
  public void close() {
    kill();
    lab("stop", directory);
  }

  private static JsonObject lab(String action, Path directory) {
    Path script = Path.of(Live.variable("FERRY_IT_FERRY")).resolveSibling("lab/milvus.py");
    List<String> command =
        new ArrayList<>(List.of("python3", script.toString(), action, directory.toString()));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor()).as("%s printed %s", command, out).isZero();
      return JsonParser.parseString(out.substring(out.lastIndexOf('\n') + 1)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
