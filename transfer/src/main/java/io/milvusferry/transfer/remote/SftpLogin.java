package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;

/** Opens connections that speak SFTP; the server's limits are asked for once. Thread-safe. */
final class SftpLogin {
  private final SshLogin login;
  private final LongAdder moved;
  private volatile Optional<SftpConnection.Limits> limits = Optional.empty();

  /**
   * @param moved counts what all of them send and receive
   */
  SftpLogin(SshLogin login, LongAdder moved) {
    this.login = login;
    this.moved = moved;
  }

  /**
   * Logs in and starts SFTP.
   *
   * @throws FerryException what {@link SshLogin#connect} throws, {@code CONNECTION_LOST}, or {@link
   *     ErrorCode#REMOTE_INCAPABLE}
   */
  SftpConnection connect() {
    SSHClient ssh;
    try {
      ssh = login.connect();
    } catch (IllegalStateException e) {
      throw brokeEarly(e, "the login");
    }
    SftpConnection connection = null;
    try {
      connection = SftpConnection.start(ssh, moved, limits);
      limits = Optional.of(connection.limits());
      return connection;
    } catch (IllegalStateException e) {
      throw brokeEarly(e, "the start of SFTP");
    } catch (IOException e) {
      boolean lost = SftpFailure.isLost(e) || !ssh.getTransport().isRunning();
      throw lost ? SftpFailure.of(e, "the start of SFTP") : incapable(e);
    } finally {
      if (connection == null) {
        SshLogin.closeQuietly(ssh);
      }
    }
  }

  /** What the library reports as a wrong state. */
  private static FerryException brokeEarly(IllegalStateException e, String place) {
    return SftpFailure.of(
        new TransportException("the connection broke before it was ready", e), place);
  }

  private static FerryException incapable(IOException e) {
    return new FerryException(
        ErrorCode.REMOTE_INCAPABLE,
        "the server does not speak SFTP: " + e.getMessage(),
        "Have its SFTP subsystem enabled, or ship to a directory with file:/path.",
        e);
  }
}
