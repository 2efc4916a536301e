package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Connections to one server: opened when they are wanted, none is idle, and more of them pay. The
 * first sends while the next ones log in, fewer at once than servers take without dropping some.
 * When the server drops a further login all the same, the pool stays with what it has.
 */
final class SftpPool implements AutoCloseable {
  /** What is done with a connection: it sends or fetches much in the turn that it begins. */
  @FunctionalInterface
  interface Operation<T> {
    T on(SftpConnection connection, SendersTurn turn) throws IOException;
  }

  /** What is asked of whichever connection there is, beside what it does. */
  @FunctionalInterface
  interface Question<T> {
    T to(SftpConnection connection) throws IOException;
  }

  /** A connection with its operations: one prepares, one sends, one awaits its last answers. */
  private static final class Member {
    static final int MOST = 3;

    final SftpConnection connection;
    final Semaphore sender = new Semaphore(1, true);
    int operations;

    /** Those of them that still have much to send. */
    int unsent;

    Member(SftpConnection connection) {
      this.connection = connection;
    }
  }

  /** OpenSSH begins to drop logins when ten are under way. */
  private static final int MOST_LOGINS = 8;

  /** How often a thread that waits asks whether one more connection pays. */
  private static final long LOOK_MILLIS = 100;

  private final SftpLogin login;
  private final ProgressSink progress;
  private final List<Member> members = new ArrayList<>();
  private final LongAdder moved = new LongAdder();
  private final Ramp ramp = new Ramp();
  private int limit;
  private int mostOpen;
  private int loggingIn;
  private boolean closed;

  SftpPool(SshLogin login, int connections, ProgressSink progress) {
    this.login = new SftpLogin(login, moved);
    this.limit = connections;
    this.progress = progress;
  }

  /** Runs an operation on the least busy connection; one that failed is not used again. */
  <T> T use(Operation<T> operation) throws IOException {
    Member member = take();
    SendersTurn turn = new SendersTurn(member.sender, () -> almostSent(member));
    boolean usable = false;
    try {
      T result = operation.on(member.connection, turn);
      usable = true;
      return result;
    } catch (IndexOutOfBoundsException e) {
      throw broken(e);
    } catch (IOException e) {
      usable = survived(e, member.connection);
      throw e;
    } finally {
      turn.handOver();
      giveBack(member, usable);
    }
  }

  /**
   * Asks on a connection that may be at work for others; one is opened only where there is none.
   */
  <T> T ask(Question<T> question) throws IOException {
    Optional<SftpConnection> any = anyOpen();
    if (any.isEmpty()) {
      return use((connection, turn) -> question.to(connection));
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

  private synchronized Optional<SftpConnection> anyOpen() {
    return leastBusy(member -> true).map(member -> member.connection);
  }

  private synchronized void almostSent(Member member) {
    member.unsent--;
    notifyAll();
  }

  private Optional<Member> leastBusy(Predicate<Member> suitable) {
    return members.stream()
        .filter(member -> member.connection.isAlive())
        .filter(suitable)
        .min(Comparator.comparingInt(member -> member.operations));
  }

  private Member take() throws IOException {
    while (true) {
      Optional<Member> member = memberOrPermission();
      if (member.isEmpty()) {
        member = open();
      }
      if (member.isPresent()) {
        return member.get();
      }
    }
  }

  /** An idle connection, or the permission to open one, or a connection that others use, too. */
  private synchronized Optional<Member> memberOrPermission() throws IOException {
    while (true) {
      if (closed) {
        throw new IOException("the connections are closed");
      }
      members.removeIf(member -> !member.connection.isAlive());
      Optional<Member> free =
          leastBusy(member -> member.unsent == 0 && member.operations < Member.MOST);
      boolean idle = free.isPresent() && free.get().operations == 0;
      if (!idle && mayOpen()) {
        loggingIn++;
        return Optional.empty();
      }
      if (free.isPresent()) {
        free.get().operations++;
        free.get().unsent++;
        return free;
      }
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FerryException(
            ErrorCode.INTERRUPTED,
            "stopped while waiting for a connection",
            "Run the same command again; it resumes.",
            e);
      }
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

  /** Opens the permitted connection; none when the server drops it and there are others. */
  private Optional<Member> open() throws IOException {
    SftpConnection connection = null;
    try {
      connection = login.connect();
    } catch (FerryException e) {
      if (!settleForLess(e)) {
        throw e;
      }
      return Optional.empty();
    } finally {
      if (connection == null) {
        failed();
      }
    }
    Member member = join(connection, 1);
    openAhead(connection.roundTrip());
    return Optional.of(member);
  }

  /** Of a far server, more will be wanted: they log in while the first asks its questions. */
  private synchronized void openAhead(long roundTrip) {
    int more =
        Math.min(Math.min(ramp.distance(roundTrip), limit) - count(), MOST_LOGINS - loggingIn);
    for (int i = 0; i < more && !closed; i++) {
      loggingIn++;
      Thread thread = new Thread(this::openForOthers, "login");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void openForOthers() {
    SftpConnection connection = null;
    try {
      connection = login.connect();
    } catch (FerryException e) {
      stayWithLess(e);
      return;
    } finally {
      if (connection == null) {
        failed();
      }
    }
    try {
      join(connection, 0);
    } catch (IOException expected) {
      return; // nobody wants it any more
    }
  }

  private synchronized void failed() {
    loggingIn--;
    notifyAll();
  }

  private synchronized Member join(SftpConnection connection, int operations) throws IOException {
    loggingIn--;
    if (closed) {
      connection.close();
      throw new IOException("the connections are closed");
    }
    Member member = new Member(connection);
    member.operations = operations;
    member.unsent = operations;
    members.add(member);
    mostOpen = Math.max(mostOpen, members.size());
    notifyAll();
    return member;
  }

  /** Whether there are other connections to go on with after a failed login. */
  private synchronized boolean settleForLess(FerryException e) {
    boolean dropped =
        e.code() == ErrorCode.REMOTE_UNREACHABLE || e.code() == ErrorCode.CONNECTION_LOST;
    if (!dropped || anyOpen().isEmpty()) {
      return false;
    }
    stayWithLess(e);
    return true;
  }

  private synchronized void stayWithLess(FerryException e) {
    if (closed || anyOpen().isEmpty()) {
      return; // then it is not for their number that one failed
    }
    limit = Math.max(1, count() - 1);
    progress.notice(
        "the server takes no more than %s at once: %s"
            .formatted(limit == 1 ? "1 connection" : limit + " connections", e.getMessage()));
  }

  private void giveBack(Member member, boolean usable) {
    boolean done;
    synchronized (this) {
      member.operations--;
      done = !usable || (closed && member.operations == 0);
      if (done) {
        members.remove(member);
      }
      notifyAll();
    }
    if (done) {
      member.connection.close(); // whoever else works on it notices
    }
  }

  @Override
  public void close() {
    List<Member> idle;
    synchronized (this) {
      closed = true;
      idle = members.stream().filter(member -> member.operations == 0).toList();
      members.removeAll(idle);
      notifyAll();
    }
    idle.forEach(member -> member.connection.close());
  }
}
