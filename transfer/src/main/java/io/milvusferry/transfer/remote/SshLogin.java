package io.milvusferry.transfer.remote;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import net.schmizz.sshj.userauth.password.Resource;

/** Opens authenticated connections to one server. */
final class SshLogin {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int KEEP_ALIVE_SECONDS = 10;
  private static final int KEEP_ALIVES_LOST = 4;

  private final SftpAddress address;
  private final SshSettings settings;

  SshLogin(SftpAddress address, SshSettings settings) {
    this.address = address;
    this.settings = settings;
  }

  /**
   * Connects, checks the key of the host, and logs in.
   *
   * @throws FerryException {@code REMOTE_HOST_UNKNOWN}, {@code REMOTE_UNREACHABLE}, {@code
   *     HOST_KEY_…}, {@code LOGIN_REFUSED} or {@code SSH_KEY_UNUSABLE}; a refused login must not be
   *     repeated
   */
  SSHClient connect() {
    SSHClient ssh = new SSHClient(SshAlgorithms.config());
    boolean open = false;
    try {
      StrictHostKeys hostKeys = new StrictHostKeys(settings);
      ssh.addHostKeyVerifier(hostKeys);
      ssh.setConnectTimeout((int) PATIENCE.toMillis());
      ssh.getTransport().setTimeoutMs((int) PATIENCE.toMillis());
      ssh.getConnection().setTimeoutMs((int) PATIENCE.toMillis());
      if (ssh.getConnection().getKeepAlive() instanceof KeepAliveRunner keepAlive) {
        keepAlive.setMaxAliveCount(KEEP_ALIVES_LOST);
        keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
      }
      handshake(ssh, hostKeys);
      authenticate(ssh);
      open = true;
      return ssh;
    } finally {
      if (!open) {
        closeQuietly(ssh);
      }
    }
  }

  private void handshake(SSHClient ssh, StrictHostKeys hostKeys) {
    try {
      ssh.connect(address.host(), address.port());
    } catch (UnknownHostException e) {
      throw new FerryException(
          ErrorCode.REMOTE_HOST_UNKNOWN,
          "there is no host '%s'".formatted(address.host()),
          "Check the name in the destination, and the name server of this machine.",
          e);
    } catch (SocketTimeoutException e) {
      throw unreachable("does not answer within %d s".formatted(PATIENCE.toSeconds()), e);
    } catch (IOException e) {
      Optional<FerryException> refusal = hostKeys.refusal();
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      throw unreachable("refuses the connection: " + reason(e), e);
    }
  }

  private void authenticate(SSHClient ssh) {
    List<AuthMethod> methods = new ArrayList<>();
    for (KeyProvider key : keys(ssh)) {
      methods.add(new SignedLogin(key));
    }
    if (settings.keys().isEmpty() && settings.agentSocket().isPresent()) {
      methods.addAll(0, SshAgent.methods(settings.agentSocket().get()));
    }
    settings.password().ifPresent(password -> methods.add(new AuthPassword(passwordFinder())));
    if (methods.isEmpty()) {
      throw refused("no key and no password at hand", null);
    }
    try {
      ssh.auth(address.user(), methods);
    } catch (UserAuthException e) {
      if (!ssh.isConnected() || !ssh.getTransport().isRunning()) {
        throw closedDuringLogin(e);
      }
      Collection<String> allowed = ssh.getUserAuth().getAllowedMethods();
      if (settings.password().isPresent()
          && allowed.contains("keyboard-interactive")
          && !allowed.contains("password")) {
        answerQuestions(ssh);
        return;
      }
      throw refused("the server allows " + String.join(", ", allowed), e);
    } catch (IOException e) {
      throw closedDuringLogin(e);
    }
  }

  /** For servers that ask for the password as a question. */
  private void answerQuestions(SSHClient ssh) {
    try {
      ssh.auth(
          address.user(),
          new AuthKeyboardInteractive(new PasswordResponseProvider(passwordFinder())));
    } catch (UserAuthException e) {
      throw refused("the password is not accepted", e);
    } catch (IOException e) {
      throw closedDuringLogin(e);
    }
  }

  private List<KeyProvider> keys(SSHClient ssh) {
    List<KeyProvider> loaded = new ArrayList<>();
    for (Path file : settings.keys()) {
      try {
        loaded.add(load(ssh, file));
      } catch (IOException | RuntimeException e) {
        throw new FerryException(
            ErrorCode.SSH_KEY_UNUSABLE,
            "the key %s cannot be used: %s".formatted(file, e.getMessage()),
            "Check the file and its passphrase; OpenSSH, PKCS#8 and PuTTY keys are read.",
            e);
      }
    }
    if (settings.keys().isEmpty()) {
      for (Path file : SshSettings.usualKeys()) {
        try {
          if (Files.exists(file)) {
            loaded.add(load(ssh, file));
          }
        } catch (IOException | RuntimeException expected) {
          // A usual key that needs a passphrase is only one of several ways in.
        }
      }
    }
    return loaded;
  }

  private KeyProvider load(SSHClient ssh, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw LocalFailure.of(new java.nio.file.NoSuchFileException(file.toString()), file);
    }
    KeyProvider key = ssh.loadKeys(file.toString(), passphraseFinder(file));
    if (key.getPrivate() == null) {
      throw new IOException("it holds no private key");
    }
    return key;
  }

  private PasswordFinder passwordFinder() {
    return settings
        .password()
        .map(password -> PasswordUtils.createOneOff(password.get()))
        .orElseThrow();
  }

  private PasswordFinder passphraseFinder(Path file) {
    return new PasswordFinder() {
      @Override
      public char[] reqPassword(Resource<?> resource) {
        return settings.passphrase().apply(file).orElseGet(() -> new char[0]);
      }

      @Override
      public boolean shouldRetry(Resource<?> resource) {
        return false;
      }
    };
  }

  private FerryException refused(String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.LOGIN_REFUSED,
        "%s:%d refuses the login of '%s': %s"
            .formatted(address.host(), address.port(), address.user(), why),
        "Check the user, the key (--ssh-key) or the password file (--ssh-password-file); the login"
            + " is not repeated, because servers lock out who fails often.",
        cause);
  }

  /** The library does not always say something itself. */
  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return e.getClass().getSimpleName();
  }

  private FerryException closedDuringLogin(IOException cause) {
    return unreachable("closed the connection during the login: " + reason(cause), cause);
  }

  private FerryException unreachable(String what, IOException cause) {
    return new FerryException(
        ErrorCode.REMOTE_UNREACHABLE,
        "%s:%d %s".formatted(address.host(), address.port(), what),
        "Check the address and that the server runs, then run the same command again; it resumes.",
        cause);
  }

  static void closeQuietly(SSHClient ssh) {
    try {
      ssh.close();
    } catch (IOException expected) {
      // The connection is given up; whatever was written on it was acknowledged or not.
      return;
    }
  }
}
