package io.milvusferry.migration;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.importer.Staging;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.manifest.CollectionName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Where the journals of one move lie, and its parts while they are on their way. A move has an id
 * of its own: one that begins anew takes nothing up from the one before.
 *
 * @param directory below the state directory; one collection from one source into one target
 * @param id sixteen hexadecimal digits
 * @param parts takes the parts; chosen when the move began, wherever later runs would have them
 */
record MovePlace(Path directory, String id, Path parts, State state) {
  private static final int ID_DIGITS = 16;
  private static final String RECORD = "move";

  /** How far the move is. */
  enum State {
    /** Not at its end. */
    OPEN,
    /** Everything is at the target, the same or not. */
    DONE,
    /** The source is another one by now; nothing can be taken up. */
    SPOILED
  }

  /** The directory of a move; made by {@link #open}. */
  static Path directory(MigrationRequest request, CollectionName source, CollectionName target) {
    return request
        .stateDirectory()
        .resolve("migrate")
        .resolve(shortId(request.sourceId()) + "-" + shortId(request.targetId()))
        .resolve(
            ArchiveLayout.directoryName(0, source.name()).substring(5)
                + "-"
                + shortId(source + "\n" + target + "\n" + request.excerpt()));
  }

  private static String shortId(String text) {
    return Digest.ofContent(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, ID_DIGITS);
  }

  /** Takes up the move that the directory tells of, or begins one. */
  static MovePlace open(Path directory, Staging staging, RandomGenerator random) {
    Path record = directory.resolve(RECORD);
    try {
      if (!Files.exists(record)) {
        return anew(directory, staging, random);
      }
      List<String> lines = Files.readAllLines(record);
      return new MovePlace(
          directory, lines.get(0), Path.of(lines.get(1)), State.valueOf(lines.get(2)));
    } catch (IOException e) {
      throw LocalFailure.of(e, record);
    }
  }

  private static MovePlace anew(Path directory, Staging staging, RandomGenerator random) {
    String id = HexFormat.of().toHexDigits(random.nextLong());
    Path parts =
        staging instanceof Staging.Directory shared
            ? shared.directory().resolve("ferry-migrate-" + id)
            : directory.resolve("parts-" + id);
    return new MovePlace(directory, id, parts, State.OPEN).write();
  }

  /** Forgets this move and begins another one. */
  MovePlace restart(Staging staging, RandomGenerator random) {
    removeParts();
    MovePlace next = anew(directory, staging, random);
    try {
      Files.deleteIfExists(readingJournal());
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
    return next;
  }

  /** Notes how far the move is. */
  MovePlace with(State other) {
    return state == other ? this : new MovePlace(directory, id, parts, other).write();
  }

  Path readingJournal() {
    return directory.resolve(id + ".reading");
  }

  /** Removes the parts that are still there, and their directory. */
  void removeParts() {
    if (!Files.exists(parts)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> files = Files.walk(parts)) {
      found = files.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      throw LocalFailure.of(e, parts);
    } catch (UncheckedIOException e) {
      throw LocalFailure.of(new IOException(e.getMessage(), e), parts);
    }
    for (Path file : found) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw LocalFailure.of(e, file);
      }
    }
  }

  private MovePlace write() {
    Path record = directory.resolve(RECORD);
    try {
      AtomicFile.write(
          record, "%s%n%s%n%s%n".formatted(id, parts, state).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LocalFailure.of(e, record);
    }
    return this;
  }
}
