package io.milvusferry.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.AbstractSftpEventListenerAdapter;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SFTP server in this process, on loopback, with knobs for what goes wrong in the world. User
 * {@value #USER}, password {@value #PASSWORD}.
 */
public final class TestSftpServer implements AutoCloseable {
  public static final String USER = "ferry";
  public static final String PASSWORD = "correct horse";

  private final SshServer server;
  private final KeyPair hostKey;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong bytesWritten = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong logins = new AtomicLong();
  private volatile long damagedWrite;
  private volatile long cutAt = Long.MAX_VALUE;
  private volatile long fullAt = Long.MAX_VALUE;

  private TestSftpServer(SshServer server, KeyPair hostKey) {
    this.server = server;
    this.hostKey = hostKey;
  }

  /**
   * Starts a server.
   *
   * @param root what a client sees as {@code /}
   */
  public static TestSftpServer start(Path root) throws IOException {
    return start(root, true);
  }

  /** Starts a server that offers no extension when {@code extensions} is false. */
  public static TestSftpServer start(Path root, boolean extensions) throws IOException {
    SshServer sshd = SshServer.setUpDefaultServer();
    KeyPair hostKey = newKey();
    TestSftpServer server = new TestSftpServer(sshd, hostKey);
    sshd.setHost("127.0.0.1");
    sshd.setPort(0);
    sshd.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    sshd.setFileSystemFactory(new VirtualFileSystemFactory(root));
    sshd.setPasswordAuthenticator(server.new Passwords());
    SftpSubsystemFactory sftp = extensions ? new SftpSubsystemFactory() : new BareFactory();
    sftp.addSftpEventListener(server.new Faults());
    sshd.setSubsystemFactories(List.of(sftp));
    sshd.start();
    return server;
  }

  private static KeyPair newKey() {
    try {
      return KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks ECDSA", e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** The address of a directory below the root. */
  public String uri(String path) {
    return "sftp://%s@127.0.0.1:%d/%s".formatted(USER, port(), path);
  }

  /** Writes a list of known hosts in which this server is. */
  public Path writeKnownHosts(Path file) throws IOException {
    return writeKnownHosts(file, hostKey.getPublic());
  }

  /** Writes a list in which this server has another key. */
  public Path writeOtherKnownHosts(Path file) throws IOException {
    return writeKnownHosts(file, newKey().getPublic());
  }

  /** Writes a list in which the key of this server is revoked. */
  public Path writeRevoked(Path file) throws IOException {
    return Files.writeString(file, "@revoked " + line(hostKey.getPublic()));
  }

  private Path writeKnownHosts(Path file, PublicKey key) throws IOException {
    return Files.writeString(file, line(key), StandardCharsets.UTF_8);
  }

  private String line(PublicKey key) {
    return "[127.0.0.1]:%d %s%n".formatted(port(), PublicKeyEntry.toString(key));
  }

  /** The fingerprint of this server's key. */
  public String fingerprint() {
    return KeyUtils.getFingerPrint(hostKey.getPublic());
  }

  /** Runs commands for whoever logs in, as a login with a shell does; before, none are run. */
  public void allowCommands() {
    server.setCommandFactory((channel, command) -> new ShellCommand(command));
  }

  /** Cuts all connections now. */
  public void cutAll() {
    server.getActiveSessions().forEach(session -> session.close(true));
  }

  /** Cuts the connection at the given request from now on, counted over all connections, once. */
  public void cutAtRequest(long number) {
    requests.set(0);
    cutAt = number;
  }

  /** Says "failure" to writes once so many bytes are written from now on, as a full disk does. */
  public void fullAfter(long bytes) {
    bytesWritten.set(0);
    fullAt = bytes;
  }

  /** There is space again. */
  public void freeSpace() {
    fullAt = Long.MAX_VALUE;
  }

  /** Requests since the last {@link #cutAtRequest}. */
  public long requests() {
    return requests.get();
  }

  public long bytesWritten() {
    return bytesWritten.get();
  }

  public long bytesRead() {
    return bytesRead.get();
  }

  /** Attempts to log in by password. */
  public long logins() {
    return logins.get();
  }

  /** Changes a bit of what the write with this number brings, from 1 on, counted from now. */
  public void damageWrite(long number) {
    writes.set(0);
    damagedWrite = number;
  }

  /** Forgets what was counted. */
  public void resetCounters() {
    requests.set(0);
    bytesWritten.set(0);
    bytesRead.set(0);
    logins.set(0);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  /** Makes subsystems that announce no extension. */
  private static final class BareFactory extends SftpSubsystemFactory {
    @Override
    public Command createSubsystem(ChannelSession channel) {
      SftpSubsystem bare =
          new SftpSubsystem(channel, this) {
            @Override
            protected void appendExtensions(Buffer buffer, String supportedVersions) {
              // Announces nothing.
            }
          };
      getRegisteredListeners().forEach(bare::addSftpEventListener);
      return bare;
    }
  }

  private final class Passwords implements PasswordAuthenticator {
    @Override
    public boolean authenticate(String user, String password, ServerSession session) {
      logins.incrementAndGet();
      return user.equals(USER) && password.equals(PASSWORD);
    }
  }

  private final class Faults extends AbstractSftpEventListenerAdapter {
    @Override
    public void received(ServerSession session, int type, int id) {
      if (requests.incrementAndGet() == cutAt) {
        // At once, as a pulled cable does: what was not answered yet never is.
        session.close(true);
        throw new UncheckedIOException(new IOException("cut"));
      }
    }

    @Override
    public void receivedExtension(ServerSession session, String extension, int id) {
      received(session, 0, id);
    }

    @Override
    public void writing(
        ServerSession session,
        String remoteHandle,
        FileHandle handle,
        long offset,
        byte[] data,
        int dataOffset,
        int dataLength)
        throws IOException {
      if (bytesWritten.get() + dataLength > fullAt) {
        throw new IOException("No space left on device");
      }
      bytesWritten.addAndGet(dataLength);
      if (writes.incrementAndGet() == damagedWrite) {
        data[dataOffset] ^= 1;
      }
    }

    @Override
    public void read(
        ServerSession session,
        String remoteHandle,
        FileHandle handle,
        long offset,
        byte[] data,
        int dataOffset,
        int dataLength,
        int readLength,
        Throwable thrown) {
      bytesRead.addAndGet(Math.max(0, readLength));
    }
  }
}
