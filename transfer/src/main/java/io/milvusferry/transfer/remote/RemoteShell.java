package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.Signal;

/** Runs commands in the shell that a login has on the other side. */
public final class RemoteShell {
  /** A shell that runs commands repeats it. */
  private static final String WORD = "ferry-may-run-commands";

  private static final long WORD_SECONDS = 30;
  private static final int LONGEST_EXCUSE = 200;

  private final SftpAddress address;
  private final SshLogin login;

  public RemoteShell(SftpAddress address, SshSettings settings) {
    this.address = address;
    this.login = new SshLogin(address, settings);
  }

  /**
   * Makes sure that the login may run commands, by one that changes nothing.
   *
   * @throws FerryException {@link ErrorCode#REMOTE_SHELL_REFUSED}, or why there is no connection
   */
  public void requireCommands() {
    List<String> out = Collections.synchronizedList(new ArrayList<>());
    List<String> err = Collections.synchronizedList(new ArrayList<>());
    SSHClient ssh = login.connect();
    try {
      Session.Command running = start(ssh, "echo " + WORD);
      running.join(WORD_SECONDS, TimeUnit.SECONDS);
      new RemoteOutput(running.getInputStream(), out::add).run();
      new RemoteOutput(running.getErrorStream(), err::add).run();
    } catch (IOException e) {
      if (isInterrupt(e)) {
        throw stopped(e);
      }
      throw refused("no answer to 'echo': " + e.getMessage(), e);
    } finally {
      SshLogin.closeQuietly(ssh);
    }
    if (!out.contains(WORD)) {
      err.addAll(out);
      String excuse = String.join("; ", err);
      throw refused(
          excuse.isEmpty()
              ? "'echo' printed nothing"
              : excuse.substring(0, Math.min(LONGEST_EXCUSE, excuse.length())),
          null);
    }
  }

  /**
   * Runs a command, as it is, and hears it line by line until it ends.
   *
   * @param out takes the lines of its standard output, on the calling thread
   * @param err takes the lines of its standard error, on another thread
   * @return its exit status; 128 and the number of the signal if one ended it
   * @throws FerryException {@link ErrorCode#REMOTE_COMMAND_LOST} when its end is not known, {@link
   *     ErrorCode#INTERRUPTED} when this thread is interrupted, which asks the command to stop
   */
  public int run(String command, Consumer<String> out, Consumer<String> err) {
    SSHClient ssh = login.connect();
    try {
      return attend(start(ssh, command), out, err);
    } finally {
      SshLogin.closeQuietly(ssh);
    }
  }

  private int attend(Session.Command running, Consumer<String> out, Consumer<String> err) {
    RemoteOutput errors = new RemoteOutput(running.getErrorStream(), err);
    Thread thread = new Thread(errors, "errors of the command on the other side");
    thread.setDaemon(true);
    thread.start();
    try {
      new RemoteOutput(running.getInputStream(), out).copy();
      thread.join();
      running.join();
    } catch (InterruptedException e) {
      stop(running);
      throw stopped(e);
    } catch (IOException e) {
      if (isInterrupt(e)) {
        stop(running);
        throw stopped(e);
      }
      throw lost(String.valueOf(e.getMessage()), e);
    }
    Signal signal = running.getExitSignal();
    if (signal != null) {
      return RemoteSignals.status(signal);
    }
    Integer status = running.getExitStatus();
    if (status == null) {
      throw lost("it ended without a status", null);
    }
    return status;
  }

  private Session.Command start(SSHClient ssh, String command) {
    try {
      Session session = ssh.startSession();
      Session.Command running = session.exec(command);
      running.getOutputStream().close();
      return running;
    } catch (IOException e) {
      if (isInterrupt(e)) {
        throw stopped(e);
      }
      if (e instanceof ConnectionException && ssh.getTransport().isRunning()) {
        throw refused(String.valueOf(e.getMessage()), e);
      }
      throw lost(String.valueOf(e.getMessage()), e);
    }
  }

  /** The library wraps what interrupts its waiting. */
  private static boolean isInterrupt(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof InterruptedIOException) {
        return true;
      }
    }
    return false;
  }

  /** Asks the command to stop; a server that does not pass signals on closes its streams. */
  private static void stop(Session.Command running) {
    try {
      running.signal(Signal.TERM);
      running.close();
    } catch (IOException expected) {
      // The connection is closed next, which ends the channel whatever it is in.
      return;
    }
  }

  private static FerryException stopped(Exception cause) {
    Thread.currentThread().interrupt();
    return new FerryException(
        ErrorCode.INTERRUPTED,
        "stopped while the command on the other side ran",
        "It was asked to stop too, which not every server passes on. Run the same command again when"
            + " it has ended; it resumes.",
        cause);
  }

  private FerryException refused(String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.REMOTE_SHELL_REFUSED,
        "%s:%d runs no commands for '%s': %s"
            .formatted(address.host(), address.port(), address.user(), why),
        "Leave --then out and run its command there; or log in as a user with a shell, for whom"
            + " sshd forces no command such as internal-sftp.",
        cause);
  }

  private FerryException lost(String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.REMOTE_COMMAND_LOST,
        "lost sight of the command on %s: %s".formatted(address.host(), why),
        "It may still be running there. Run the same command again when it has ended: nothing is"
            + " sent twice, and the command is run again; ferry restore goes on where it was.",
        cause);
  }
}
