package io.milvusferry.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A disk of a chosen size, in memory; needs the rights of root. */
public final class SmallDisk implements AutoCloseable {
  private final Path directory;

  /** Mounts it on a directory, which is made where there is none. */
  public SmallDisk(Path directory, int megabytes) throws IOException {
    this.directory = Files.createDirectories(directory);
    run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + megabytes + "m", "tmpfs", directory);
  }

  public void resize(int megabytes) throws IOException {
    run("mount", "-o", "remount,size=" + megabytes + "m", directory);
  }

  @Override
  public void close() throws IOException {
    run("umount", directory);
  }

  private static void run(Object... words) throws IOException {
    Process process =
        new ProcessBuilder(List.of(words).stream().map(Object::toString).toList())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor()).as("status of %s: %s", List.of(words), said).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
