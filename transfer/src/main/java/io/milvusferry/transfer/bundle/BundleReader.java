package io.milvusferry.transfer.bundle;

import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the tar stream of a bundle into a directory: plain files only, below that directory only.
 * Every file is on disk before it bears its name; the seal keeps its partial name, for the caller
 * to publish once the archive is verified. For one thread.
 */
public final class BundleReader implements AutoCloseable {
  private final ArchiveLayout layout;
  private final Path realRoot;
  private final TarHeaders headers = new TarHeaders();
  private final long mostBytes;

  private @Nullable FileChannel file;
  private String path;
  private long size;
  private long written;
  private long padding;
  private boolean ended;
  private int afterEnd;

  /**
   * @param mostBytes no file of the bundle can be larger
   * @param start where an earlier reader stood; what it had on disk must still be there
   */
  public BundleReader(ArchiveLayout layout, long mostBytes, Position start) throws IOException {
    this.layout = layout;
    this.realRoot = layout.root().toRealPath();
    this.mostBytes = mostBytes;
    this.path = start.path();
    this.size = start.size();
    this.written = start.written();
    if (written < size) {
      file = FileChannel.open(partial(), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      file.truncate(written);
      file.position(written);
      padding = -size & (TarEntry.RECORD - 1);
    }
  }

  /** Whether what an earlier reader had on disk is still there. */
  public static boolean canStart(ArchiveLayout layout, Position start) throws IOException {
    if (start.path().isEmpty()) {
      return true;
    }
    Path file = layout.resolve(start.path());
    boolean finished = start.written() == start.size();
    boolean named = finished && !start.path().equals(ArchiveLayout.SEAL);
    Path there = named ? file : AtomicFile.partial(file);
    return Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)
        && Files.size(there) >= start.written();
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @throws UnsafeBundleException when the stream holds what no archive holds; nothing of that is
   *     written
   */
  public void accept(byte[] content, int offset, int length)
      throws IOException, UnsafeBundleException {
    int position = offset;
    int end = offset + length;
    while (position < end) {
      int left = end - position;
      int taken;
      if (written < size) {
        taken = (int) Math.min(left, size - written);
        write(content, position, taken);
      } else if (padding > 0) {
        taken = (int) Math.min(left, padding);
        requireZero(content, position, taken);
        padding -= taken;
      } else if (ended) {
        taken = left;
        requireZero(content, position, taken);
        afterEnd += taken;
        if (afterEnd > TarEntry.RECORD) {
          throw new UnsafeBundleException("something follows its end");
        }
      } else {
        taken = Math.min(left, headers.missing());
        headers.add(content, position, taken);
        if (headers.missing() == 0) {
          next();
        }
      }
      position += taken;
    }
  }

  /**
   * Where the stream stands, with everything so far on disk; empty when it stands within a header
   * or at the end, from where no reader can start.
   */
  public Optional<Position> position() throws IOException {
    if (file != null) {
      file.force(false);
    }
    return headers.isEmpty() && (written < size || padding == 0) && !ended
        ? Optional.of(new Position(path, size, written))
        : Optional.empty();
  }

  /**
   * Ends the stream; the seal lies under its partial name then.
   *
   * @throws UnsafeBundleException when the stream is not complete
   */
  public void finish() throws UnsafeBundleException {
    if (!ended || afterEnd != TarEntry.RECORD || !path.equals(ArchiveLayout.SEAL)) {
      throw new UnsafeBundleException("it ends after '%s'".formatted(path));
    }
  }

  private void next() throws IOException, UnsafeBundleException {
    if (headers.isEndRecord()) {
      ended = true;
      return;
    }
    Optional<TarHeaders.Header> header = headers.read();
    if (header.isEmpty()) {
      return;
    }
    EntryPath.check(header.get().path(), path);
    if (header.get().size() > mostBytes) {
      throw new UnsafeBundleException(
          "'%s' says it has %d bytes".formatted(header.get().path(), header.get().size()));
    }
    path = header.get().path();
    size = header.get().size();
    written = 0;
    padding = -size & (TarEntry.RECORD - 1);
    begin();
    if (size == 0) {
      complete();
    }
  }

  private void begin() throws IOException, UnsafeBundleException {
    Path directory = layout.resolve(path).getParent();
    if (directory == null) {
      throw new UnsafeBundleException("'%s' lies nowhere".formatted(path));
    }
    try {
      Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw new UnsafeBundleException("'%s' lies below a file".formatted(path));
    }
    if (!directory.toRealPath().startsWith(realRoot)) {
      throw new UnsafeBundleException("'%s' leads out of the directory".formatted(path));
    }
    Files.deleteIfExists(partial());
    file =
        FileChannel.open(
            partial(),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            LinkOption.NOFOLLOW_LINKS);
  }

  private void write(byte[] content, int offset, int length) throws IOException {
    FileChannel out = java.util.Objects.requireNonNull(file);
    ByteBuffer buffer = ByteBuffer.wrap(content, offset, length);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    written += length;
    if (written == size) {
      complete();
    }
  }

  private void complete() throws IOException {
    FileChannel out = java.util.Objects.requireNonNull(file);
    file = null;
    boolean seal = path.equals(ArchiveLayout.SEAL);
    try (out) {
      if (seal) {
        out.force(true);
      }
    }
    if (!seal) {
      AtomicFile.publish(layout.resolve(path));
    }
  }

  private Path partial() {
    return AtomicFile.partial(layout.resolve(path));
  }

  private static void requireZero(byte[] content, int offset, int length)
      throws UnsafeBundleException {
    for (int i = offset; i < offset + length; i++) {
      if (content[i] != 0) {
        throw new UnsafeBundleException("there are bytes between its files");
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
