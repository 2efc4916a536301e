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

/** A real sshd of a test's own, with settings of its own. */
final class LabSftp implements AutoCloseable {
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
    return new LabSftp(directory, lab("start", directory, further));
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
    lab("stop", directory, List.of());
  }

  private static JsonObject lab(String action, Path directory, List<String> further) {
    Path script = Path.of(Live.variable("FERRY_IT_FERRY")).resolveSibling("lab/sftp.py");
    List<String> command =
        new ArrayList<>(List.of("python3", script.toString(), action, directory.toString()));
    command.addAll(further);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
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
