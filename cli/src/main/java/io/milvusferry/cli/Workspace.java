package io.milvusferry.cli;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.ArchiveLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of an archive that nobody asked for by name: {@code send} and {@code restore} keep
 * it between their steps. The same words lead to the same directory, so that a rerun resumes.
 *
 * @param directory below the state directory
 */
record Workspace(Path directory) {
  private static final int ID_DIGITS = 16;

  /**
   * The place for one journey.
   *
   * @param words everything that makes it this journey and no other
   */
  static Workspace of(Path state, String command, List<String> words) {
    byte[] text = String.join("\n", words).getBytes(StandardCharsets.UTF_8);
    String id = Digest.ofContent(text).hex().substring(0, ID_DIGITS);
    return new Workspace(state.resolve(command).resolve(id));
  }

  /** Whether an earlier run completed the archive. */
  boolean sealed() {
    return Files.isRegularFile(new ArchiveLayout(directory).seal());
  }

  /** Whether an earlier run came to its end; the archive may be there still. */
  boolean done() {
    return Files.exists(marker());
  }

  /** Notes that this journey came to its end. The archive stays until the next one begins. */
  void finish() {
    try {
      Files.writeString(marker(), "");
    } catch (IOException e) {
      throw LocalFailure.of(e, marker());
    }
  }

  /**
   * Removes the archive and the note that the journey ended; the seal goes first, so that what is
   * left after a kill is no archive.
   *
   * @throws FerryException when the disk refuses
   */
  void remove() {
    try {
      if (Files.exists(directory)) {
        Files.deleteIfExists(new ArchiveLayout(directory).seal());
        List<Path> found;
        try (Stream<Path> files = Files.walk(directory)) {
          found = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : found) {
          Files.delete(file);
        }
      }
      Files.deleteIfExists(marker());
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    } catch (UncheckedIOException e) {
      throw LocalFailure.of(new IOException(e.getMessage(), e), directory);
    }
  }

  private Path marker() {
    return directory.resolveSibling(directory.getFileName() + ".done");
  }
}
