package io.milvusferry.signature;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that are trusted, as a file in OpenSSH's format {@code allowed_signers} lists them. */
public final class AllowedSigners {
  private static final long MOST_BYTES = 16 << 20;

  private final String name;
  private final List<AllowedSigner> signers;

  private AllowedSigners(String name, List<AllowedSigner> signers) {
    this.name = name;
    this.signers = List.copyOf(signers);
  }

  /**
   * Reads a file. A line that means nothing is refused: who wrote it meant something.
   *
   * @throws FerryException {@link ErrorCode#ALLOWED_SIGNERS_INVALID}
   */
  public static AllowedSigners read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw invalid("%s has more than %d bytes".formatted(file, MOST_BYTES), null);
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return parse(file.toString(), text, ZoneId.systemDefault());
    } catch (NoSuchFileException e) {
      throw invalid("there is no file %s with the keys that are trusted".formatted(file), e);
    } catch (IOException e) {
      throw invalid("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  static AllowedSigners parse(String name, String text, ZoneId zone) {
    List<AllowedSigner> signers = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String content = line.strip();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      try {
        signers.add(SignerLine.parse(content, zone));
      } catch (IllegalArgumentException e) {
        throw invalid("%s, line %d: %s".formatted(name, number, e.getMessage()), e);
      }
    }
    return new AllowedSigners(name, signers);
  }

  /**
   * Who vouches for a key.
   *
   * @return the principals of the first line that does
   * @throws FerryException {@link ErrorCode#SIGNER_NOT_ALLOWED}, with the reason of the first line
   *     that has the key
   */
  String principals(SshPublicKey key, SignatureNamespace namespace, String what, Instant now) {
    Optional<FerryException> refusal = Optional.empty();
    for (AllowedSigner signer : signers) {
      if (signer.key().equals(key)) {
        Optional<String> reason = signer.refusal(namespace, now);
        if (reason.isEmpty()) {
          return signer.principals();
        }
        if (refusal.isEmpty()) {
          refusal =
              Optional.of(
                  notAllowed(
                      "%s is signed with the key %s of %s, and %s says that %s"
                          .formatted(what, key, signer.principals(), name, reason.get()),
                      "Use nothing of it, or ask its owner to sign with a key that is trusted for"
                          + " this."));
        }
      }
    }
    throw refusal.orElseGet(
        () ->
            notAllowed(
                "%s is signed with the key %s, which %s does not list".formatted(what, key, name),
                "Use nothing of it, unless its owner tells you this key; then add it to the"
                    + " file."));
  }

  private static FerryException notAllowed(String message, String hint) {
    return new FerryException(ErrorCode.SIGNER_NOT_ALLOWED, message, hint, null);
  }

  private static FerryException invalid(String message, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.ALLOWED_SIGNERS_INVALID,
        message,
        "Lines look like this: ops@source namespaces=\"milvus-ferry-*\" ssh-ed25519 AAAA….",
        cause);
  }
}
