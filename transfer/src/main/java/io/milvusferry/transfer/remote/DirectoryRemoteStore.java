package io.milvusferry.transfer.remote;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.AtomicFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** A store in a directory of this machine, such as a mounted disk. */
public final class DirectoryRemoteStore implements RemoteStore {
  private static final int BLOCK = 1 << 18;

  /** A slow disk is heard of at least this often. */
  private static final long ACKNOWLEDGE_EVERY = 1 << 20;

  private final Path root;

  public DirectoryRemoteStore(Path root) {
    this.root = root;
  }

  @Override
  public String location() {
    return "file:" + root;
  }

  @Override
  public void makeDirectories(String path) {
    try {
      Files.createDirectories(resolve(path));
    } catch (IOException e) {
      throw failure(e, path);
    }
  }

  @Override
  public List<RemoteFile> list(String directory) {
    List<RemoteFile> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(resolve(directory))) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = String.valueOf(entry.getFileName());
        if (Files.isDirectory(entry)) {
          files.add(new RemoteFile(name, 0, true));
        } else if (Files.isRegularFile(entry)) {
          files.add(new RemoteFile(name, Files.size(entry), false));
        }
      }
      return files;
    } catch (NoSuchFileException | NotDirectoryException expected) {
      return List.of(); // the directory comes with the first file
    } catch (IOException e) {
      throw failure(e, directory);
    }
  }

  @Override
  public Optional<Path> local(String path) {
    return Optional.of(resolve(path));
  }

  @Override
  public OptionalLong size(String path) {
    try {
      return OptionalLong.of(Files.size(resolve(path)));
    } catch (NoSuchFileException expected) {
      return OptionalLong.empty(); // the question that was asked
    } catch (IOException e) {
      throw failure(e, path);
    }
  }

  @Override
  public void write(String path, long from, ByteSource content, LongConsumer acknowledged) {
    Path partial = AtomicFile.partial(resolve(path));
    try (FileChannel out =
            FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        InputStream in = content.open(from)) {
      if (out.size() < from) {
        throw new FerryException(
            ErrorCode.REMOTE_REFUSED,
            "%s has %d bytes where %d were written".formatted(partial, out.size(), from),
            "Run the same command again; it sends this chunk anew.",
            null);
      }
      out.truncate(from);
      out.position(from);
      byte[] block = new byte[BLOCK];
      long told = from;
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, read);
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        if (out.position() - told >= ACKNOWLEDGE_EVERY) {
          told = out.position();
          acknowledged.accept(told);
        }
      }
      out.force(true);
      acknowledged.accept(out.position());
    } catch (IOException e) {
      throw failure(e, path);
    }
  }

  @Override
  public void publish(String path) {
    try {
      AtomicFile.publish(resolve(path));
    } catch (IOException e) {
      throw failure(e, path);
    }
  }

  @Override
  public boolean link(String existing, String path) {
    try {
      AtomicFile.link(resolve(existing), resolve(path));
      return true;
    } catch (IOException | UnsupportedOperationException expected) {
      return false; // many file systems of disks that travel have no such links
    }
  }

  @Override
  public void read(String path, long from, long length, RangeSink sink) {
    try (FileChannel in = FileChannel.open(resolve(path), StandardOpenOption.READ)) {
      byte[] block = new byte[BLOCK];
      long position = from;
      long end = from + length;
      while (position < end) {
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, (int) Math.min(block.length, end - position));
        int read = in.read(buffer, position);
        if (read < 0) {
          throw new EOFException("ends at %d instead of %d".formatted(position, end));
        }
        sink.accept(block, 0, read);
        position += read;
      }
    } catch (IOException e) {
      throw failure(e, path);
    }
  }

  @Override
  public void reject(String path) {
    try {
      AtomicFile.moveAside(resolve(path), resolve(path + REJECTED));
    } catch (IOException e) {
      throw failure(e, path);
    }
  }

  /** There is no other side. */
  @Override
  public Optional<Digest> digest(String path, long length) {
    return Optional.empty();
  }

  @Override
  public OptionalLong freeSpace(String directory) {
    try {
      return OptionalLong.of(Files.getFileStore(resolve(directory)).getUsableSpace());
    } catch (IOException e) {
      throw failure(e, directory);
    }
  }

  @Override
  public List<String> weaknesses() {
    return List.of();
  }

  @Override
  public int connectionsUsed() {
    return 0;
  }

  @Override
  public void close() {}

  private Path resolve(String path) {
    return path.isEmpty() ? root : root.resolve(path);
  }

  private FerryException failure(IOException e, String path) {
    Path place = resolve(path);
    if (e instanceof NoSuchFileException) {
      return new FerryException(
          ErrorCode.REMOTE_NOT_FOUND,
          "there is no %s".formatted(e.getMessage()),
          "Check the path of the destination; is the disk mounted?",
          e);
    }
    String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (reason.contains("no space") || reason.contains("quota")) {
      return new FerryException(
          ErrorCode.REMOTE_FULL,
          "the disk of %s is full: %s".formatted(place, e.getMessage()),
          "Free some space there and run the same command again; it resumes.",
          e);
    }
    return LocalFailure.of(e, place);
  }
}
