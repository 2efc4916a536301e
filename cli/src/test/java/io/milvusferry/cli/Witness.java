package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Fills servers and reads them value by value with pymilvus, and shares no code with ferry. */
final class Witness {
  private final Path directory;

  /**
   * @param directory for what it finds out and prints
   */
  Witness(Path directory) {
    this.directory = directory;
  }

  /** What a server holds, found out by trying it; asked once for each server. */
  Path held(LabServer server) {
    Path file = directory.resolve(server + ".json");
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, says("held", server.uri()).toString());
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes and fills collections {@code name_…} of everything that both servers hold. */
  JsonObject fill(LabServer server, String name, LabServer other) {
    return says("fill", server.uri(), name, held(server), held(other));
  }

  /** Makes and fills collections {@code name_…} of everything that the server holds. */
  JsonObject fill(LabServer server, String name) {
    return says("fill", server.uri(), name, held(server));
  }

  /** What it read when both servers hold the same values in the collections {@code name_…}. */
  JsonObject same(LabServer left, LabServer right, String name) {
    return says("same", left.uri(), name, right.uri(), name);
  }

  void drop(LabServer server, String name) {
    says("drop", server.uri(), name);
  }

  private JsonObject says(Object... words) {
    List<String> command = new ArrayList<>(List.of(Live.variable("FERRY_IT_PYTHON_NEW")));
    command.add(
        Path.of(Live.variable("FERRY_IT_FERRY")).resolveSibling("lab/typesdata.py").toString());
    for (Object word : words) {
      command.add(word.toString());
    }
    try {
      Path err = Files.createTempFile(directory, "witness", ".txt");
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor())
          .as("exit status of %s%n%s%n%s", command, out, Files.readString(err))
          .isZero();
      return JsonParser.parseString(out).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
