package io.milvusferry.transfer.remote;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How to log in over SSH. Secrets are asked for when they are needed, and wiped by who asked.
 *
 * @param keys private keys to try, in this order; empty: the agent, then the usual files
 * @param agentSocket where an SSH agent listens
 * @param password the password of the user, if there is one
 * @param passphrase the passphrase of a key file, empty if there is none
 * @param knownHosts files with the keys of servers; those that do not exist are passed over
 * @param acceptedHostKey a fingerprint such as {@code SHA256:…} that the operator vouches for
 */
public record SshSettings(
    List<Path> keys,
    Optional<Path> agentSocket,
    Optional<Supplier<char[]>> password,
    Function<Path, Optional<char[]>> passphrase,
    List<Path> knownHosts,
    Optional<String> acceptedHostKey) {
  public SshSettings {
    keys = List.copyOf(keys);
    knownHosts = List.copyOf(knownHosts);
    acceptedHostKey.ifPresent(
        fingerprint -> {
          if (!fingerprint.matches("SHA256:[A-Za-z0-9+/]{43}=?")) {
            throw new IllegalArgumentException(
                "'%s' is not a fingerprint such as SHA256:…".formatted(fingerprint));
          }
        });
  }

  /** The agent, the usual key files and the usual lists of hosts of a user. */
  public static SshSettings ofUser(Path home, Optional<Path> agentSocket) {
    return new SshSettings(
        List.of(),
        agentSocket,
        Optional.empty(),
        file -> Optional.empty(),
        List.of(home.resolve(".ssh/known_hosts"), Path.of("/etc/ssh/ssh_known_hosts")),
        Optional.empty());
  }

  /** The key files that are tried where none is named. */
  static List<Path> usualKeys() {
    Path ssh = Path.of(System.getProperty("user.home"), ".ssh");
    return List.of(ssh.resolve("id_ed25519"), ssh.resolve("id_ecdsa"), ssh.resolve("id_rsa"));
  }
}
