package io.milvusferry.manifest;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Makes bytes visible last: a file is complete and on disk before it bears its name. The only place
 * that renames.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Where {@code file} lies until it is complete. */
  public static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + ArchiveLayout.PARTIAL);
  }

  /**
   * Writes {@code content} to {@code file}: partial file, force, rename, force of the directory.
   * After a failure the old file, if any, is as it was; a partial file may lie beside it.
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path partial = partial(file);
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    rename(partial, file);
  }

  /** Forces a partial file that somebody else wrote to disk, and gives it its name. */
  public static void publish(Path file) throws IOException {
    Path partial = partial(file);
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    rename(partial, file);
  }

  /** Gives a file another name beside its own, replacing what bears it. */
  public static void moveAside(Path file, Path aside) throws IOException {
    rename(file, aside);
  }

  /** Gives a file a second name, which must be free, on disk when this returns. */
  public static void link(Path existing, Path file) throws IOException {
    Files.createLink(file, existing);
    forceDirectory(directory(file));
  }

  /** Forces a file that bears its name already, and the entries of its directory, to disk. */
  public static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    forceDirectory(directory(file));
  }

  /** Forces the entries of a directory to disk. */
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void rename(Path partial, Path file) throws IOException {
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(directory(file));
  }

  private static Path directory(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new FerryException(
          ErrorCode.BUG, file + " lies in no directory", "Please report this.", null);
    }
    return directory;
  }
}
