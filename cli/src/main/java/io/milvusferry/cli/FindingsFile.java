package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.verify.RowFinding;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the findings that are too many to be listed: one JSON object a line, with the members that
 * {@code --json} gives them. The file is made with the first of them; not safe for several threads.
 */
final class FindingsFile implements AutoCloseable {
  private final Path path;
  private @Nullable Writer writer;
  private long count;

  /**
   * @param path the file to make; one that is there is replaced
   */
  FindingsFile(Path path) {
    this.path = path;
  }

  /** Writes one finding. */
  void add(RowFinding finding) {
    try {
      Writer open = writer;
      if (open == null) {
        Files.createDirectories(path.toAbsolutePath().getParent());
        open = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
        writer = open;
      }
      JsonObject line = JsonFindings.of(finding).members();
      line.addProperty("message", finding.message());
      open.write(line + "\n");
      count++;
    } catch (IOException e) {
      throw LocalFailure.of(e, path);
    }
  }

  /** How many findings it took. */
  long count() {
    return count;
  }

  /** Where they are; empty when there were none. */
  Optional<Path> path() {
    return count == 0 ? Optional.empty() : Optional.of(path);
  }

  /** Completes the file. */
  @Override
  public void close() {
    Writer open = writer;
    if (open != null) {
      writer = null;
      try {
        open.close();
      } catch (IOException e) {
        throw LocalFailure.of(e, path);
      }
    }
  }
}
