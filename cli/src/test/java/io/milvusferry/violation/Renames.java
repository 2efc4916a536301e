package io.milvusferry.violation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Renames a file past the one class that may. */
public final class Renames {
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to);
  }
}
