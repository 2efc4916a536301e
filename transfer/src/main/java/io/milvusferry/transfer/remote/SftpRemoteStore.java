package io.milvusferry.transfer.remote;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.RemoteDirectory;
import net.schmizz.sshj.sftp.RemoteResourceFilter;
import net.schmizz.sshj.sftp.RemoteResourceInfo;
import net.schmizz.sshj.sftp.RenameFlags;

/** A store behind SFTP. Connections are opened when they are needed, up to a given number. */
public final class SftpRemoteStore implements RemoteStore {
  /** With less than this left, an unexplained failure is taken for a full disk. */
  private static final long AS_GOOD_AS_FULL = 1 << 20;

  private final SftpAddress address;
  private final SftpPool pool;
  private final AtomicBoolean digests = new AtomicBoolean(true);

  /**
   * @param connections how many connections may be open at once
   */
  public SftpRemoteStore(
      SftpAddress address, SshSettings settings, int connections, ProgressSink progress) {
    this.address = address;
    this.pool = new SftpPool(new SshLogin(address, settings), connections, progress);
  }

  @Override
  public String location() {
    return address.toString();
  }

  @Override
  public void makeDirectories(String path) {
    String directory = resolve(path);
    run(path, connection -> makeDirectories(connection, directory));
  }

  /** Asks only where making fails: on a far link every question takes its time. */
  private boolean makeDirectories(SftpConnection connection, String directory) throws IOException {
    try {
      connection.engine().makeDir(directory);
      return true;
    } catch (IOException e) {
      if (isDirectory(connection, directory)) {
        return true;
      }
      int parent = directory.lastIndexOf('/');
      if (parent <= 0 || isDirectory(connection, directory.substring(0, parent))) {
        throw e;
      }
      makeDirectories(connection, directory.substring(0, parent));
    }
    try {
      connection.engine().makeDir(directory);
    } catch (IOException e) {
      // Another connection may have been quicker.
      if (!isDirectory(connection, directory)) {
        throw e;
      }
    }
    return true;
  }

  private static boolean isDirectory(SftpConnection connection, String path) throws IOException {
    try {
      return connection.engine().stat(path).getType() == FileMode.Type.DIRECTORY;
    } catch (IOException e) {
      if (SftpFailure.isMissing(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public List<RemoteFile> list(String directory) {
    return run(
        directory,
        connection -> {
          List<RemoteFile> files = new ArrayList<>();
          try (RemoteDirectory open = connection.engine().openDir(resolve(directory))) {
            for (RemoteResourceInfo entry : open.scan((RemoteResourceFilter) any -> true)) {
              if (entry.isDirectory()) {
                files.add(new RemoteFile(entry.getName(), 0, true));
              } else if (entry.isRegularFile()) {
                long size = entry.getAttributes().getSize();
                files.add(new RemoteFile(entry.getName(), size, false));
              }
            }
          } catch (IOException e) {
            if (!SftpFailure.isMissing(e)) {
              throw e;
            }
          }
          return files;
        });
  }

  @Override
  public Optional<Path> local(String path) {
    return Optional.empty();
  }

  @Override
  public OptionalLong size(String path) {
    return run(
        path,
        connection -> {
          try {
            return OptionalLong.of(connection.engine().stat(resolve(path)).getSize());
          } catch (IOException e) {
            if (SftpFailure.isMissing(e)) {
              return OptionalLong.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public void write(String path, long from, ByteSource content, LongConsumer acknowledged) {
    Set<OpenMode> modes = EnumSet.of(OpenMode.WRITE, OpenMode.CREAT);
    if (from == 0) {
      modes.add(OpenMode.TRUNC);
    }
    transfer(
        path,
        (connection, turn) -> {
          byte[] handle = connection.open(resolve(path + PARTIAL), modes);
          boolean written = false;
          long end;
          try (InputStream in = open(content, from)) {
            long had = from == 0 ? 0 : connection.size(handle);
            if (had < from) {
              throw refused(path, "it has %d bytes where %d were written".formatted(had, from));
            }
            end = new RangeUpload(connection, handle, acknowledged, turn).send(from, in);
            written = true;
          } finally {
            if (!written) {
              abandon(connection, handle);
            }
          }
          long size = connection.finish(handle);
          if (size != end) {
            throw refused(path, "it has %d bytes after %d were written".formatted(size, end));
          }
          return size;
        });
  }

  /** Closes a handle after a failure that is reported anyway. */
  private static void abandon(SftpConnection connection, byte[] handle) {
    try {
      if (connection.isAlive()) {
        connection.close(handle);
      }
    } catch (IOException | IndexOutOfBoundsException expected) {
      return; // the failure that led here is what counts
    }
  }

  private static InputStream open(ByteSource content, long from) {
    try {
      return content.open(from);
    } catch (IOException e) {
      throw LocalFailure.of(e, Path.of("the archive"));
    }
  }

  /** Once a server has said that it computes none, it is not asked again. */
  @Override
  public Optional<Digest> digest(String path, long length) {
    if (!digests.get()) {
      return Optional.empty();
    }
    Optional<Digest> found =
        run(path, connection -> connection.digest(resolve(path + PARTIAL), length));
    if (found.isEmpty()) {
      digests.set(false);
    }
    return found;
  }

  @Override
  public void publish(String path) {
    rename(path, path + PARTIAL, path);
  }

  @Override
  public void reject(String path) {
    rename(path, path, path + REJECTED);
  }

  private void rename(String path, String from, String to) {
    run(
        path,
        connection -> {
          if (connection.replaces()) {
            connection.replace(resolve(from), resolve(to));
          } else {
            removeIfThere(connection, resolve(to));
            connection
                .engine()
                .rename(resolve(from), resolve(to), EnumSet.noneOf(RenameFlags.class));
          }
          return path;
        });
  }

  @Override
  public boolean link(String existing, String path) {
    return run(
        path,
        connection -> {
          if (!connection.links()) {
            return false;
          }
          try {
            connection.link(resolve(existing), resolve(path));
            return true;
          } catch (IOException e) {
            if (SftpFailure.isRefusal(e)) {
              return false; // its file system may have no links, or the file may be gone
            }
            throw e;
          }
        });
  }

  private static void removeIfThere(SftpConnection connection, String path) throws IOException {
    try {
      connection.engine().remove(path);
    } catch (IOException e) {
      if (!SftpFailure.isMissing(e)) {
        throw e;
      }
    }
  }

  @Override
  public void read(String path, long from, long length, RangeSink sink) {
    transfer(
        path,
        (connection, turn) -> {
          byte[] handle = connection.open(resolve(path), EnumSet.of(OpenMode.READ));
          boolean done = false;
          try {
            new RangeDownload(connection, handle, sink, turn).fetch(from, length);
            done = true;
          } finally {
            if (!done) {
              abandon(connection, handle);
            }
          }
          connection.close(handle);
          return handle;
        });
  }

  @Override
  public OptionalLong freeSpace(String directory) {
    return run(
        directory,
        connection ->
            connection.tellsSpace()
                ? OptionalLong.of(connection.freeSpace(resolve(directory)))
                : OptionalLong.empty());
  }

  @Override
  public List<String> weaknesses() {
    return run(
        "",
        connection -> {
          List<String> found = new ArrayList<>();
          if (!connection.syncs()) {
            found.add(
                "the server cannot force files to disk (no fsync), so a power cut there may lose"
                    + " acknowledged chunks; receiving finds out");
          }
          if (!connection.replaces()) {
            found.add(
                "the server cannot replace files in one step (no posix-rename), so old chunks are"
                    + " removed before new ones get their name");
          }
          if (!connection.tellsSpace()) {
            found.add("the server does not tell its free space (no statvfs)");
          }
          return found;
        });
  }

  @Override
  public int connectionsUsed() {
    return pool.mostOpen();
  }

  @Override
  public void close() {
    pool.close();
  }

  private <T> T run(String path, SftpPool.Question<T> question) {
    try {
      return pool.ask(question);
    } catch (IOException e) {
      throw explained(path, e);
    }
  }

  private <T> void transfer(String path, SftpPool.Operation<T> operation) {
    try {
      pool.use(operation);
    } catch (IOException e) {
      throw explained(path, e);
    }
  }

  private FerryException explained(String path, IOException e) {
    String place = location() + (path.isEmpty() ? "" : "/" + path);
    return SftpFailure.isUnexplained(e) && isFull(path)
        ? SftpFailure.full(place, e)
        : SftpFailure.of(e, place);
  }

  /** A full disk is reported as a mere failure; the free space tells. */
  private boolean isFull(String path) {
    int parent = path.lastIndexOf('/');
    try {
      return pool.ask(
          connection ->
              connection.tellsSpace()
                  && connection.freeSpace(resolve(parent < 0 ? "" : path.substring(0, parent)))
                      < AS_GOOD_AS_FULL);
    } catch (IOException expected) {
      return false; // then the first failure is all that is known
    }
  }

  private FerryException refused(String path, String what) {
    return new FerryException(
        ErrorCode.REMOTE_REFUSED,
        "%s/%s is not what was written: %s".formatted(location(), path, what),
        "Is somebody else writing there? Run the same command again; it resumes.",
        null);
  }

  private String resolve(String path) {
    return path.isEmpty() ? address.path() : address.path() + "/" + path;
  }
}
