package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A running command, whose output goes to files. */
record FerryProcess(List<String> command, Process process, Path out, Path err) {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Waits for its end. */
  FerryRun await() {
    try {
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended).as("%s ends within %s; %s", command, PATIENCE, errors()).isTrue();
      return new FerryRun(command, process.exitValue(), Files.readString(out), errors());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + command, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is so; it must become so while the command runs. */
  void when(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean so = condition.getAsBoolean();
    while (!so && process.isAlive() && System.nanoTime() < deadline) {
      pause();
      so = condition.getAsBoolean();
    }
    assertThat(so).as("%s while %s runs; %s", what, command, errors()).isTrue();
  }

  /** Ends it with SIGKILL, and waits until it is gone; true if it still ran. */
  boolean kill() {
    boolean ran = process.isAlive();
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ran;
  }

  /** Asks it to stop, with SIGTERM, and waits for its end. */
  FerryRun terminate() {
    process.destroy();
    return await();
  }

  /** What it printed on standard output so far. */
  String output() {
    return read(out);
  }

  private String errors() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(3);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
