package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** A real Milvus of a test's own, which may be killed and started again with its data. */
final class LabMilvus implements AutoCloseable {
  private static final LabScript SCRIPT =
      new LabScript("milvus.py", ProcessBuilder.Redirect.DISCARD);

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
    return new LabMilvus(directory, SCRIPT.run("start", directory, List.of()));
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
    JsonObject about = SCRIPT.run("start", directory, List.of());
    assertThat(about.get("uri").getAsString()).isEqualTo(uri);
    pid = about.get("pid").getAsLong();
  }

  @Override
  public void close() {
    kill();
    SCRIPT.run("stop", directory, List.of());
  }
}
