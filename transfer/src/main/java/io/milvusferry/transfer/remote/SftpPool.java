package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import net.schmizz.sshj.SSHClient;

/**
 * Connections to one server: opened when they are wanted, none is idle, and more of them pay. The
 * first sends while the next ones log in, fewer at once than servers take without dropping some.
 * When the server drops a further login all the same, the pool stays with what it has.
 */
final class SftpPool implements AutoCloseable {
  /** What is done with a connection. */
  @FunctionalInterface
  interface Operation<T> {
    T on(SftpConnection connection) throws IOException;
  }

  /** OpenSSH begins to drop logins when ten are under way. */
  private static final int MOST_LOGINS = 8;

  /** How often a thread that waits asks whether one more connection pays. */
  private static final long LOOK_MILLIS = 250;

  private final SshLogin login;
  private final ProgressSink progress;
  private final Deque<SftpConnection> idle = new ArrayDeque<>();
  private final LongAdder moved = new LongAdder();
  private final Ramp ramp = new Ramp();
  private int limit;
  private int open;
  private int mostOpen;
  private int loggingIn;
  private boolean closed;

  SftpPool(SshLogin login, int connections, ProgressSink progress) {
    this.login = login;
    this.limit = connections;
    this.progress = progress;
  }

  /** Runs an operation on a connection of its own; a connection that failed is not used again. */
  <T> T use(Operation<T> operation) throws IOException {
    SftpConnection connection = take();
    boolean usable = false;
    try {
      T result = operation.on(connection);
      usable = true;
      return result;
    } catch (IndexOutOfBoundsException e) {
      // What the library throws when a request is put together while the connection breaks.
      throw new IOException("the connection broke while a request was written", e);
    } catch (IOException e) {
      usable =
          e instanceof net.schmizz.sshj.sftp.SFTPException said
              && said.getStatusCode() != null
              && connection.isAlive();
      throw e;
    } finally {
      giveBack(connection, usable);
    }
  }

  synchronized int mostOpen() {
    return mostOpen;
  }

  private SftpConnection take() throws IOException {
    Optional<SftpConnection> waiting;
    try {
      waiting = idleOrPermission();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while waiting for a connection",
          "Run the same command again; it resumes.",
          e);
    }
    return waiting.isPresent() ? waiting.get() : open();
  }

  /** An idle connection, or the permission to open one. */
  private synchronized Optional<SftpConnection> idleOrPermission()
      throws IOException, InterruptedException {
    while (true) {
      if (closed) {
        throw new IOException("the connections are closed");
      }
      SftpConnection waiting = idle.poll();
      if (waiting != null && waiting.isAlive()) {
        return Optional.of(waiting);
      }
      if (waiting != null) {
        open--;
        waiting.close();
      } else if (mayOpen()) {
        loggingIn++;
        open++;
        return Optional.empty();
      } else {
        wait(LOOK_MILLIS);
      }
    }
  }

  private synchronized boolean mayOpen() {
    boolean first = open == 0;
    return open < limit
        // Nothing is known of the server before the first login.
        && loggingIn < (open == loggingIn ? 1 : MOST_LOGINS)
        && (first || ramp.allows(open, open - loggingIn, moved.sum(), System.nanoTime()));
  }

  private SftpConnection open() throws IOException {
    SftpConnection connection = null;
    try {
      SSHClient ssh = login.connect();
      try {
        connection = SftpConnection.start(ssh, moved);
        return connection;
      } catch (IOException e) {
        boolean lost = SftpFailure.isLost(e) || !ssh.getTransport().isRunning();
        SshLogin.closeQuietly(ssh);
        throw lost ? SftpFailure.of(e, "the start of SFTP") : incapable(e);
      }
    } catch (FerryException e) {
      if (!settleForLess(e)) {
        throw e;
      }
    } finally {
      opened(connection != null);
    }
    return take();
  }

  /** Whether there are other connections to go on with after a failed login. */
  private synchronized boolean settleForLess(FerryException e) {
    boolean dropped =
        e.code() == ErrorCode.REMOTE_UNREACHABLE || e.code() == ErrorCode.CONNECTION_LOST;
    if (open <= 1 || !dropped) {
      return false;
    }
    limit = open - 1;
    progress.notice(
        "the server takes no more than %d connections at once: %s"
            .formatted(limit, e.getMessage()));
    return true;
  }

  private synchronized void opened(boolean success) {
    loggingIn--;
    if (success) {
      mostOpen = Math.max(mostOpen, open - loggingIn);
    } else {
      open--;
    }
    notifyAll();
  }

  private static FerryException incapable(IOException e) {
    return new FerryException(
        ErrorCode.REMOTE_INCAPABLE,
        "the server does not speak SFTP: " + e.getMessage(),
        "Have its SFTP subsystem enabled, or ship to a directory with file:/path.",
        e);
  }

  private synchronized void giveBack(SftpConnection connection, boolean usable) {
    if (usable && !closed) {
      idle.push(connection);
    } else {
      open--;
      connection.close();
    }
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(SftpConnection::close);
    open -= idle.size();
    idle.clear();
    notifyAll();
  }
}
