package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients of pymilvus that write and read through an address until they are told to stop. */
final class Traffic implements AutoCloseable {
  private static final int CLIENTS = 3;
  private static final int PATIENCE_SECONDS = 180;

  private final Path directory;
  private final Path stop;
  private final List<Process> running = new ArrayList<>();

  /**
   * @param directory for records and logs
   */
  Traffic(Path directory) {
    this.directory = directory;
    this.stop = directory.resolve("stop");
  }

  /** Makes the collection that the clients share, with rows that nobody changes. */
  void make(String uri, String collection) {
    assertThat(await(start("make", uri, collection))).as("make").isZero();
  }

  /**
   * Starts clients that write.
   *
   * @param first number of the first of them; clients with other numbers have other keys
   * @return the record that they leave when they stop
   */
  Path write(String uri, String collection, int first) {
    Path record = directory.resolve("written-" + first + ".json");
    running.add(start("write", uri, collection, record, stop, CLIENTS, first));
    return record;
  }

  /** Starts a client that reads, and returns the record that it leaves. */
  Path read(String uri, String collection) {
    Path record = directory.resolve("read-" + running.size() + ".json");
    running.add(start("read", uri, collection, record, stop));
    return record;
  }

  /** Tells all clients to stop, and waits for their records. */
  void stop() {
    try {
      Files.createFile(stop);
      for (Process process : running) {
        assertThat(await(process)).as("status of a client; see the logs in %s", directory).isZero();
      }
      running.clear();
      Files.delete(stop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a server holds exactly what the records say was acknowledged. */
  void check(String uri, String collection, Path... records) {
    List<Object> words = new ArrayList<>(List.of("check", uri, collection));
    words.addAll(List.of(records));
    Process check = start(words.toArray());
    assertThat(await(check)).as("%s against the records: %s", uri, log(words.get(0))).isZero();
  }

  /** What a record says. */
  static JsonObject record(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Clients saw no error and no wrong answer, and did see something: more than so many writes. */
  static void assertUndisturbed(Path written, Path read, int writes) {
    assertThat(record(written).getAsJsonArray("errors")).as("errors of writers").isEmpty();
    assertThat(record(written).get("calls").getAsInt()).isGreaterThan(writes);
    for (String kind : List.of("errors", "wrong")) {
      assertThat(record(read).getAsJsonArray(kind)).as("%s of readers", kind).isEmpty();
    }
    assertThat(record(read).get("calls").getAsInt()).isGreaterThan(5);
  }

  @Override
  public void close() {
    running.forEach(Process::destroyForcibly);
  }

  private String log(Object action) {
    try {
      return Files.readString(directory.resolve(action + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(Object... words) {
    Path script = Path.of(Live.variable("FERRY_IT_FERRY")).resolveSibling("lab/traffic.py");
    List<String> command =
        new ArrayList<>(List.of(Live.variable("FERRY_IT_PYTHON"), script.toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(
              ProcessBuilder.Redirect.appendTo(directory.resolve(words[0] + ".log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int await(Process process) {
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
