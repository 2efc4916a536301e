package io.milvusferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real Milvus on a bad day: {@code scripts/lab/faulty.py} in front of it, in a process of its
 * own. One thing is bad at a time.
 */
public final class FaultyServer implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final String uri;

  private FaultyServer(Process process) throws IOException {
    this.process = process;
    this.out = process.inputReader();
    this.in = process.outputWriter();
    this.uri = "http://127.0.0.1:" + Integer.parseInt(line());
  }

  /**
   * Starts in front of a server, with nothing bad yet.
   *
   * @param server such as {@code http://127.0.0.1:19530}
   */
  public static FaultyServer before(String server) {
    Path script = Path.of(variable("FERRY_IT_FERRY")).resolveSibling("lab/faulty.py");
    ProcessBuilder command =
        new ProcessBuilder(
                variable("FERRY_IT_PYTHON"),
                script.toString(),
                server.substring("http://".length()))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      return new FaultyServer(command.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String variable(String name) {
    @Nullable String value = System.getenv(name);
    return Objects.requireNonNull(value, name + " is not set; scripts/test sets it");
  }

  /** Where clients reach the server through it. */
  public String uri() {
    return uri;
  }

  /** Each insert, upsert and delete takes so many seconds longer. */
  public void slowWrites(double seconds) {
    tell("slowWrites", seconds);
  }

  /** That share of searches and queries fails, as Milvus fails them: inside a good answer. */
  public void failReads(double share) {
    tell("failingReads", share);
  }

  /** To its clients, the clock of the server is so many seconds ahead. */
  public void ahead(double seconds) {
    tell("ahead", seconds);
  }

  /** A good server again. */
  public void good() {
    tell("slowWrites", 0);
  }

  private void tell(String what, double value) {
    try {
      in.write(String.format(Locale.ROOT, "{\"%s\": %f}%n", what, value));
      in.flush();
      assertThat(line()).isEqualTo("done");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    return Objects.requireNonNull(out.readLine(), "faulty.py has ended");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
