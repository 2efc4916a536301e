package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.progress.Throttle;
import io.milvusferry.transfer.remote.DirectoryRemoteStore;
import io.milvusferry.transfer.remote.RemoteShell;
import io.milvusferry.transfer.remote.RemoteStore;
import io.milvusferry.transfer.remote.RetryingRemoteStore;
import io.milvusferry.transfer.remote.SftpAddress;
import io.milvusferry.transfer.remote.SftpRemoteStore;
import io.milvusferry.transfer.remote.SshSettings;
import io.milvusferry.transfer.remote.ThrottledRemoteStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where bundles are, and how to get there.
 *
 * @param uri {@code sftp://user@host[:port]/path}, {@code file:/dir}, or a path of this machine
 * @param connections SFTP connections at once, at most
 * @param bandwidth bytes a second over all connections, at most
 * @param attempts how often a thing is tried that a broken connection interrupts
 * @param firstWait waited before the second attempt
 */
public record Destination(
    String uri,
    SshSettings ssh,
    int connections,
    Optional<ByteSize> bandwidth,
    int attempts,
    Duration firstWait) {
  private static final int USUAL_ATTEMPTS = 6;
  private static final Duration USUAL_WAIT = Duration.ofSeconds(1);
  private static final String FILE = "file:";

  public Destination {
    if (connections < 1 || attempts < 1) {
      throw new IllegalArgumentException("nothing would happen");
    }
  }

  /** With the usual patience. */
  public Destination(String uri, SshSettings ssh, int connections, Optional<ByteSize> bandwidth) {
    this(uri, ssh, connections, bandwidth, USUAL_ATTEMPTS, USUAL_WAIT);
  }

  /** The directory of this machine that is meant, empty for a place on another one. */
  Optional<Path> directory() {
    return isRemote() ? Optional.empty() : Optional.of(path());
  }

  /** All of this machine, reached in the same way. */
  Destination anywhereHere() {
    return new Destination(FILE + "/", ssh, connections, bandwidth, attempts, firstWait);
  }

  /**
   * The shell of the same login on the other side; nothing is connected yet.
   *
   * @throws FerryException {@link ErrorCode#USAGE} for a place on this machine
   */
  public RemoteShell shell() {
    if (!isRemote()) {
      throw new FerryException(
          ErrorCode.USAGE,
          "nobody is at the other side of %s to run a command".formatted(uri),
          "Leave --then out and run its command where the disk arrives, or ship to sftp://.",
          null);
    }
    return new RemoteShell(SftpAddress.parse(uri), ssh);
  }

  /**
   * Threads that send: a connection sends one chunk, prepares the next and awaits one's answers.
   */
  int senders() {
    return 3 * connections;
  }

  private boolean isRemote() {
    return uri.startsWith("sftp:");
  }

  /** Opens the store; nothing is connected yet. */
  RemoteStore open(ProgressSink progress) {
    RemoteStore plain =
        isRemote()
            ? new SftpRemoteStore(SftpAddress.parse(uri), ssh, connections, progress)
            : new DirectoryRemoteStore(path());
    RemoteStore slowed =
        bandwidth.isPresent()
            ? new ThrottledRemoteStore(plain, Throttle.of(bandwidth.get()))
            : plain;
    return new RetryingRemoteStore(slowed, attempts, firstWait, progress);
  }

  private Path path() {
    try {
      if (uri.matches("[a-zA-Z][a-zA-Z0-9+.-]+:.*") && !uri.startsWith(FILE)) {
        throw new InvalidPathException(uri, "neither sftp: nor file:");
      }
      String path = uri.startsWith(FILE) ? uri.substring(FILE.length()) : uri;
      return Path.of(path.startsWith("///") ? path.substring(2) : path).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new FerryException(
          ErrorCode.DESTINATION_INVALID,
          "'%s' is not a place for bundles: %s".formatted(uri, e.getReason()),
          "Write sftp://user@host:port/path, or file:/directory.",
          e);
    }
  }
}
