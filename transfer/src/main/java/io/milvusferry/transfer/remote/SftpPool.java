package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Connections to one server: opened when they are wanted, none is idle, and more of them pay. The
 * first sends while the next ones log in, fewer at once than servers take without dropping some.
 * When the server drops a further login all the same, the pool stays with what it has.
 */
final class SftpPool implements AutoCloseable {
  /** What is done with a connection. */
  @FunctionalInterface
  interface Operation<T> {
    /**
     * Does it.
     *
     * @param handOver run once when nothing more will be sent but what ends the operation: the
     *     connection goes to the next one, which sends while this one waits for its answers
     */
    T on(SftpConnection connection, Runnable handOver) throws IOException;
  }

  /** What is asked of whichever connection there is, beside what it does. */
  @FunctionalInterface
  interface Question<T> {
    T to(SftpConnection connection) throws IOException;
  }

  /**
   * A connection, with what it does: one operation sends, and one or two await their last answers.
   */
  private static final class Member {
    static final int MOST_ENDING = 2;

    final SftpConnection connection;
    boolean taken;
    int ending;

    Member(SftpConnection connection) {
      this.connection = connection;
    }

    boolean isFree() {
      return !taken && ending < MOST_ENDING;
    }

    boolean isIdle() {
      return !taken && ending == 0;
    }
  }

  /** OpenSSH begins to drop logins when ten are under way. */
  private static final int MOST_LOGINS = 8;

  /** How often a thread that waits asks whether one more connection pays. */
  private static final long LOOK_MILLIS = 100;

  private final SshLogin login;
  private final ProgressSink progress;
  private final List<Member> members = new ArrayList<>();
  private final LongAdder moved = new LongAdder();
  private final Ramp ramp = new Ramp();
  private int limit;
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
    Member member = take();
    Turn turn = new Turn(member);
    boolean usable = false;
    try {
      T result = operation.on(member.connection, turn::handOver);
      usable = true;
      return result;
    } catch (IndexOutOfBoundsException e) {
      throw broken(e);
    } catch (IOException e) {
      usable = survived(e, member.connection);
      throw e;
    } finally {
      turn.end(usable);
    }
  }

  /** Asks on a connection that may be at work for others; only one that there is not is opened. */
  <T> T ask(Question<T> question) throws IOException {
    Optional<SftpConnection> any = anyOpen();
    if (any.isEmpty()) {
      return use((connection, handOver) -> question.to(connection));
    }
    SftpConnection connection = any.get();
    boolean usable = false;
    try {
      T result = question.to(connection);
      usable = true;
      return result;
    } catch (IndexOutOfBoundsException e) {
      throw broken(e);
    } catch (IOException e) {
      usable = survived(e, connection);
      throw e;
    } finally {
      if (!usable) {
        connection.close(); // whoever works on it notices
      }
    }
  }

  private static boolean survived(IOException e, SftpConnection connection) {
    return e instanceof SFTPException said && said.getStatusCode() != null && connection.isAlive();
  }

  /** What the library throws when a request is put together while the connection breaks. */
  private static IOException broken(IndexOutOfBoundsException e) {
    return new IOException("the connection broke while a request was written", e);
  }

  synchronized int mostOpen() {
    return mostOpen;
  }

  /** The least busy one, if any is open. */
  private synchronized Optional<SftpConnection> anyOpen() {
    return members.stream()
        .filter(member -> member.connection.isAlive())
        .min(Comparator.comparingInt(member -> member.ending + (member.taken ? 1 : 0)))
        .map(member -> member.connection);
  }

  private Member take() throws IOException {
    Optional<Member> waiting;
    try {
      waiting = freeOrPermission();
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

  /** A free connection, or the permission to open one. */
  private synchronized Optional<Member> freeOrPermission()
      throws IOException, InterruptedException {
    while (true) {
      if (closed) {
        throw new IOException("the connections are closed");
      }
      members.removeIf(member -> member.isIdle() && !member.connection.isAlive());
      Optional<Member> free =
          members.stream()
              .filter(member -> member.isFree() && member.connection.isAlive())
              .min(Comparator.comparingInt(member -> member.ending));
      if (free.isPresent()) {
        free.get().taken = true;
        return free;
      }
      if (mayOpen()) {
        loggingIn++;
        return Optional.empty();
      }
      wait(LOOK_MILLIS);
    }
  }

  /** Connections that are open or being opened. */
  private int count() {
    return members.size() + loggingIn;
  }

  private boolean mayOpen() {
    boolean first = count() == 0;
    return count() < limit
        // Nothing is known of the server before the first login.
        && loggingIn < (members.isEmpty() ? 1 : MOST_LOGINS)
        && (first || ramp.allows(count(), members.size(), moved.sum(), System.nanoTime()));
  }

  private Member open() throws IOException {
    SftpConnection connection = null;
    try {
      connection = logIn();
    } catch (FerryException e) {
      if (!settleForLess(e)) {
        throw e;
      }
    } finally {
      if (connection == null) {
        failed();
      }
    }
    return connection == null ? take() : opened(connection);
  }

  private SftpConnection logIn() {
    SSHClient ssh = login.connect();
    try {
      SftpConnection connection = SftpConnection.start(ssh, moved);
      heard(connection.roundTrip());
      return connection;
    } catch (IOException e) {
      boolean lost = SftpFailure.isLost(e) || !ssh.getTransport().isRunning();
      SshLogin.closeQuietly(ssh);
      throw lost ? SftpFailure.of(e, "the start of SFTP") : incapable(e);
    }
  }

  private synchronized void heard(long roundTrip) {
    ramp.distance(roundTrip);
  }

  /** Whether there are other connections to go on with after a failed login. */
  private synchronized boolean settleForLess(FerryException e) {
    boolean dropped =
        e.code() == ErrorCode.REMOTE_UNREACHABLE || e.code() == ErrorCode.CONNECTION_LOST;
    if (count() <= 1 || !dropped) {
      return false;
    }
    limit = count() - 1;
    progress.notice(
        "the server takes no more than %d connections at once: %s"
            .formatted(limit, e.getMessage()));
    return true;
  }

  private synchronized Member opened(SftpConnection connection) throws IOException {
    loggingIn--;
    notifyAll();
    if (closed) {
      connection.close();
      throw new IOException("the connections are closed");
    }
    Member member = new Member(connection);
    member.taken = true;
    members.add(member);
    mostOpen = Math.max(mostOpen, members.size());
    return member;
  }

  private synchronized void failed() {
    loggingIn--;
    notifyAll();
  }

  private static FerryException incapable(IOException e) {
    return new FerryException(
        ErrorCode.REMOTE_INCAPABLE,
        "the server does not speak SFTP: " + e.getMessage(),
        "Have its SFTP subsystem enabled, or ship to a directory with file:/path.",
        e);
  }

  /** The time for which an operation has a connection. */
  private final class Turn {
    private final Member member;
    private boolean handedOver;

    Turn(Member member) {
      this.member = member;
    }

    void handOver() {
      synchronized (SftpPool.this) {
        if (!handedOver) {
          handedOver = true;
          member.taken = false;
          member.ending++;
          SftpPool.this.notifyAll();
        }
      }
    }

    void end(boolean usable) {
      boolean done;
      synchronized (SftpPool.this) {
        if (handedOver) {
          member.ending--;
        } else {
          member.taken = false;
        }
        done = !usable || closed;
        if (done) {
          members.remove(member);
        }
        SftpPool.this.notifyAll();
      }
      if (done) {
        member.connection.close(); // whoever else works on it notices
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    members.removeIf(
        member -> {
          if (member.isIdle()) {
            member.connection.close();
          }
          return member.isIdle();
        });
    notifyAll();
  }
}
