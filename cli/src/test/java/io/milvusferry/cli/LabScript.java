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

/**
 * A script that starts and stops a server, each in a directory of its own.
 *
 * @param name of the script in {@code scripts/lab}
 * @param errors what becomes of its standard error
 */
record LabScript(String name, ProcessBuilder.Redirect errors) {
  /** What the script says about the server; it is done then. */
  JsonObject run(String action, Path directory, List<String> further) {
    Path script = Path.of(Live.variable("FERRY_IT_FERRY")).resolveSibling("lab/" + name);
    List<String> command =
        new ArrayList<>(List.of("python3", script.toString(), action, directory.toString()));
    command.addAll(further);
    try {
      Process process = new ProcessBuilder(command).redirectError(errors).start();
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
