package io.milvusferry.exporter.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes files for what does not fit into memory. */
final class ScratchFile {
  private static final String SUFFIX = ".partial";

  private ScratchFile() {}

  /**
   * Opens a new file for writing and reading, which is gone when it is closed, also by a kill.
   *
   * @param what the name says that is in it
   */
  static FileChannel open(Path directory, String what) throws IOException {
    return FileChannel.open(
        Files.createTempFile(directory, "ferry." + what + "-", SUFFIX),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }
}
