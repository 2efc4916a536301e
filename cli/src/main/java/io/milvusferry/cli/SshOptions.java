package io.milvusferry.cli;

import io.milvusferry.cli.config.SecretFiles;
import io.milvusferry.transfer.Destination;
import io.milvusferry.transfer.remote.SshSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the other side of a shipment is reached. */
final class SshOptions {
  private static final int USUAL_CONNECTIONS = 32;

  @Option(
      names = "--ssh-key",
      paramLabel = "FILE",
      description = "Log in with this private key; default: the agent, then the usual files.")
  @Nullable Path sshKey;

  @Option(
      names = "--ssh-password-file",
      paramLabel = "FILE",
      description = "Log in with the password in this file, which is also a key's passphrase.")
  @Nullable Path sshPasswordFile;

  @Option(
      names = "--known-hosts",
      paramLabel = "FILE",
      description = "Trust the host keys in this file; default: ~/.ssh/known_hosts.")
  @Nullable Path knownHosts;

  @Option(
      names = "--accept-host-key",
      paramLabel = "SHA256:…",
      description = "Trust the host key with this fingerprint.")
  @Nullable String acceptHostKey;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "" + USUAL_CONNECTIONS,
      description =
          "Open at most so many connections, more of them while it pays; default: ${DEFAULT-VALUE}.")
  PositiveNumber connections = new PositiveNumber(USUAL_CONNECTIONS);

  @Option(
      names = "--bwlimit",
      paramLabel = "SIZE",
      description = "Send or fetch at most so many bytes a second, such as 40M, in all.")
  @Nullable Rate bwlimit;

  /** The place that a word means, reached in this way. */
  Destination destination(String word, Session session, CommonOptions common) {
    SecretFiles files = session.secretFiles(common);
    SshSettings usual =
        SshSettings.ofUser(
            session.surroundings().home(),
            Optional.ofNullable(session.surroundings().environment().get("SSH_AUTH_SOCK"))
                .map(Path::of));
    Optional<Path> secretFile = Optional.ofNullable(sshPasswordFile);
    SshSettings ssh =
        new SshSettings(
            Optional.ofNullable(sshKey).map(List::of).orElse(usual.keys()),
            usual.agentSocket(),
            secretFile.map(file -> () -> secret(files, file, session)),
            key -> secretFile.map(file -> secret(files, file, session)),
            Optional.ofNullable(knownHosts).map(List::of).orElse(usual.knownHosts()),
            Optional.ofNullable(acceptHostKey));
    return new Destination(
        word, ssh, connections.value(), Optional.ofNullable(bwlimit).map(Rate::perSecond));
  }

  private static char[] secret(SecretFiles files, Path file, Session session) {
    String secret = files.read(file).reveal();
    session.console().hide(secret);
    return secret.toCharArray();
  }
}
