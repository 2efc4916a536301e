package io.milvusferry.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run of {@code ferry} printed and returned.
 *
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int status, String out, String err) {
  /** Runs the command in a directory, with a home below it and nothing else around. */
  static CommandRun of(
      Path directory, Map<String, String> environment, EntryPoints entryPoints, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> variables = new HashMap<>(environment);
    variables.putIfAbsent("HOME", directory.resolve("home").toString());
    Surroundings surroundings =
        new Surroundings(
            variables,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            directory,
            InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));
    int status =
        new Ferry(surroundings, entryPoints, new Interruption(Thread.currentThread())).run(args);
    return new CommandRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Standard output as JSON Lines. */
  List<JsonObject> json() {
    return out.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  /** The last JSON line. */
  JsonObject result() {
    List<JsonObject> lines = json();
    return lines.get(lines.size() - 1);
  }
}
