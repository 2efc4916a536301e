package io.milvusferry.signature;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose signature something must bear before it is used. */
public final class OriginCheck {
  /** Demands nothing, and checks nothing. */
  public static final OriginCheck NONE = new OriginCheck(Optional.empty(), InstantSource.system());

  private final Optional<AllowedSigners> allowed;
  private final InstantSource clock;

  private OriginCheck(Optional<AllowedSigners> allowed, InstantSource clock) {
    this.allowed = allowed;
    this.clock = clock;
  }

  /**
   * Demands a signature by one of these keys.
   *
   * @param clock tells whether a key is valid at present
   */
  public static OriginCheck by(AllowedSigners allowed, InstantSource clock) {
    return new OriginCheck(Optional.of(allowed), clock);
  }

  /**
   * Checks a signature, if one is demanded.
   *
   * @param what the thing in words, such as {@code the archive nightly}
   * @param content the bytes that must be signed
   * @param signature the signature file, empty when there is none; nothing of it needs to be valid
   * @throws FerryException {@link ErrorCode#SIGNATURE_MISSING}, {@link ErrorCode#SIGNATURE_INVALID}
   *     when it is none of these bytes or was made for something else, {@link
   *     ErrorCode#SIGNER_NOT_ALLOWED}
   */
  public Origin check(
      SignatureNamespace namespace, String what, byte[] content, Optional<byte[]> signature) {
    if (allowed.isEmpty()) {
      return signature.isPresent() ? new Origin.Unchecked() : new Origin.Unsigned();
    }
    byte[] file =
        signature.orElseThrow(
            () ->
                new FerryException(
                    ErrorCode.SIGNATURE_MISSING,
                    "%s bears no signature, and one is demanded".formatted(what),
                    "Ask its owner to sign it (--sign), or do without --verify-with if it need not"
                        + " be signed.",
                    null));
    try {
      SshSignature parsed = SshSignature.parse(file);
      requireNamespace(namespace, what, parsed);
      String principals = allowed.get().principals(parsed.key(), namespace, what, clock.instant());
      if (!parsed.covers(content)) {
        throw invalid(
            "the signature of %s, by the key %s, is not one of what is there now"
                .formatted(what, parsed.key()),
            "Use nothing of it: it was changed after it was signed, or the signature belongs to"
                + " something else. Fetch it again.",
            null);
      }
      return new Origin.Proven(principals, parsed.key().fingerprint());
    } catch (IllegalArgumentException e) {
      throw invalid(
          "the signature of %s cannot be read: %s".formatted(what, e.getMessage()),
          "Fetch it again, or ask its owner to sign it again.",
          e);
    }
  }

  private static void requireNamespace(
      SignatureNamespace namespace, String what, SshSignature signature) {
    if (!signature.namespace().equals(namespace.text())) {
      throw invalid(
          "the signature of %s was made for '%s', not for '%s'"
              .formatted(what, signature.namespace(), namespace.text()),
          "Use nothing of it: somebody put the signature of something else there.",
          null);
    }
  }

  private static FerryException invalid(String message, String hint, @Nullable Throwable cause) {
    return new FerryException(ErrorCode.SIGNATURE_INVALID, message, hint, cause);
  }
}
