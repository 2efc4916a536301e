package io.milvusferry.cli;

import io.milvusferry.cli.config.SecretFiles;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.transfer.SigningKeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who signs what is made. */
final class SigningOptions {
  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description =
          "Sign with this SSH private key; ferry --verify-with and ssh-keygen -Y verify check it.")
  @Nullable Path sign;

  @Option(
      names = "--sign-password-file",
      paramLabel = "FILE",
      description = "The passphrase of that key.")
  @Nullable Path signPasswordFile;

  /** Opens the key, if there is one. */
  Optional<SigningKey> key(Session session, CommonOptions common) {
    if (sign == null) {
      return Optional.empty();
    }
    SecretFiles files = session.secretFiles(common);
    Optional<Path> secretFile = Optional.ofNullable(signPasswordFile);
    SigningKey key =
        SigningKeyFile.load(
            sign,
            secretFile.map(
                file ->
                    () -> {
                      String secret = files.read(file).reveal();
                      session.console().hide(secret);
                      return secret.toCharArray();
                    }));
    try {
      files.requirePrivate(sign); // what is no private key at all has been refused as such
    } catch (IOException e) {
      throw LocalFailure.of(e, sign);
    }
    session.console().message("sign       key " + key.fingerprint());
    return Optional.of(key);
  }
}
