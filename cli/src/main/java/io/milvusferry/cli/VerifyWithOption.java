package io.milvusferry.cli;

import io.milvusferry.signature.AllowedSigners;
import io.milvusferry.signature.OriginCheck;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose signature is demanded. */
final class VerifyWithOption {
  @Option(
      names = "--verify-with",
      paramLabel = "ALLOWED_SIGNERS",
      description =
          "Demand a signature by a key in this file, written as for ssh-keygen -Y verify -f.")
  @Nullable Path verifyWith;

  /** Reads the file, if there is one. */
  OriginCheck check(Session session) {
    return verifyWith == null
        ? OriginCheck.NONE
        : OriginCheck.by(AllowedSigners.read(verifyWith), session.surroundings().clock());
  }
}
