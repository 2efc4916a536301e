package io.milvusferry.transfer.remote;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts.KnownHostEntry;
import org.jspecify.annotations.Nullable;

/**
 * Lets a server pass only with a key that is listed for it, or that the operator vouches for. It
 * never asks and never learns; a refusal comes before any byte of authentication.
 */
final class StrictHostKeys implements HostKeyVerifier {
  private static final int SSH_PORT = 22;

  private final List<OpenSSHKnownHosts> lists = new ArrayList<>();
  private final List<Path> files;
  private final Optional<String> accepted;
  private volatile @Nullable FerryException refusal;

  StrictHostKeys(SshSettings settings) {
    this.files = settings.knownHosts();
    this.accepted = settings.acceptedHostKey().map(StrictHostKeys::withoutPadding);
    for (Path file : files) {
      try {
        if (Files.exists(file)) {
          lists.add(new OpenSSHKnownHosts(file.toFile()));
        }
      } catch (IOException e) {
        throw LocalFailure.of(e, file);
      }
    }
  }

  /** Why the last server was refused, if it was. */
  Optional<FerryException> refusal() {
    return Optional.ofNullable(refusal);
  }

  @Override
  public boolean verify(String host, int port, PublicKey key) {
    String name = port == SSH_PORT ? host : "[%s]:%d".formatted(host, port);
    KeyType type = KeyType.fromKey(key);
    String fingerprint = fingerprint(key);
    String shown = "%s %s".formatted(type, fingerprint);
    try {
      if (isListed(name, type, key, true)) {
        refusal =
            refuse(
                ErrorCode.HOST_KEY_REVOKED,
                "the key of %s is revoked: %s".formatted(name, shown),
                "Somebody may pose as this server. Ask who runs it for its new key.");
        return false;
      }
      if (accepted.isPresent()) {
        return isAccepted(name, shown, fingerprint, accepted.get());
      }
      if (isListed(name, type, key, false)) {
        return true;
      }
      refusal = refusalOfUnlisted(name, shown, fingerprint);
      return false;
    } catch (IOException e) {
      refusal = LocalFailure.of(e, files.get(0));
      return false;
    }
  }

  private boolean isAccepted(String name, String shown, String fingerprint, String expected) {
    if (fingerprint.equals(expected)) {
      return true;
    }
    refusal =
        refuse(
            ErrorCode.HOST_KEY_CHANGED,
            "the key of %s is %s, not the accepted %s".formatted(name, shown, expected),
            "Somebody may pose as this server. Ask who runs it for the fingerprint of its key.");
    return false;
  }

  private FerryException refusalOfUnlisted(String name, String shown, String fingerprint)
      throws IOException {
    for (OpenSSHKnownHosts list : lists) {
      for (KnownHostEntry entry : list.entries()) {
        if (entry.appliesTo(name) && !isRevocation(entry)) {
          return refuse(
              ErrorCode.HOST_KEY_CHANGED,
              "the key of %s has changed: it is %s, and %s lists another"
                  .formatted(name, shown, list.getFile()),
              "Somebody may pose as this server. If its key was replaced on purpose, remove the old"
                  + " line with ssh-keygen -R '%s' -f %s and add the new one."
                      .formatted(name, list.getFile()));
        }
      }
    }
    return refuse(
        ErrorCode.HOST_KEY_UNKNOWN,
        "the key of %s is not known: %s".formatted(name, shown),
        "Compare the fingerprint with what ssh-keygen -l shows on the server, then add the key to"
            + " %s or pass --accept-host-key %s."
                .formatted(files.isEmpty() ? "known_hosts" : files.get(0), fingerprint));
  }

  @Override
  public List<String> findExistingAlgorithms(String host, int port) {
    List<String> algorithms = new ArrayList<>();
    lists.forEach(list -> algorithms.addAll(list.findExistingAlgorithms(host, port)));
    return algorithms;
  }

  private boolean isListed(String name, KeyType type, PublicKey key, boolean revoked)
      throws IOException {
    for (OpenSSHKnownHosts list : lists) {
      for (KnownHostEntry entry : list.entries()) {
        if (isRevocation(entry) == revoked && entry.appliesTo(type, name) && isOf(entry, key)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The entry's own check says no to every revoked key, so the line itself is compared. */
  private static boolean isOf(KnownHostEntry entry, PublicKey key) throws IOException {
    return isRevocation(entry)
        ? entry.getLine().contains(Base64.getEncoder().encodeToString(encoded(key)))
        : entry.verify(key);
  }

  private static boolean isRevocation(KnownHostEntry entry) {
    String line = entry.getLine();
    return line != null && line.startsWith("@revoked");
  }

  static String fingerprint(PublicKey key) {
    byte[] sha256 = Digest.newSha256().digest(encoded(key));
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sha256);
  }

  private static byte[] encoded(PublicKey key) {
    return new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
  }

  private static String withoutPadding(String fingerprint) {
    return fingerprint.endsWith("=")
        ? fingerprint.substring(0, fingerprint.length() - 1)
        : fingerprint;
  }

  private static FerryException refuse(ErrorCode code, String message, String hint) {
    return new FerryException(code, message, hint, null);
  }
}
