package io.milvusferry.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real sshd of a test's own, with settings of its own. */
final class LabSftp implements AutoCloseable {
  private static final LabScript SCRIPT = new LabScript("sftp.py", ProcessBuilder.Redirect.INHERIT);

  private final Path directory;
  private final JsonObject about;

  private LabSftp(Path directory, JsonObject about) {
    this.directory = directory;
    this.about = about;
  }

  /**
   * Starts one, and waits until it answers.
   *
   * @param settings lines of sshd_config, as {@code KEY=VALUE}
   */
  static LabSftp start(Path directory, String... settings) {
    List<String> further = new ArrayList<>();
    for (String setting : settings) {
      further.addAll(List.of("--set", setting));
    }
    return new LabSftp(directory, SCRIPT.run("start", directory, further));
  }

  /** A path on it, as the command takes it. */
  String uri(Path path) {
    return about.get("uri").getAsString() + path;
  }

  Path key() {
    return Path.of(about.get("key").getAsString());
  }

  Path knownHosts() {
    return Path.of(about.get("knownHosts").getAsString());
  }

  /** Ends the processes of all connections, but not the server nor what they started. */
  void cut() {
    ProcessHandle.of(about.get("pid").getAsLong())
        .ifPresent(server -> server.children().forEach(ProcessHandle::destroyForcibly));
  }

  @Override
  public void close() {
    SCRIPT.run("stop", directory, List.of());
  }
}
