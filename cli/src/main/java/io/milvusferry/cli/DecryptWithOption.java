package io.milvusferry.cli;

import io.milvusferry.error.LocalFailure;
import io.milvusferry.transfer.age.Identities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What opens an encrypted bundle. */
final class DecryptWithOption {
  @Option(
      names = "--decrypt-with",
      paramLabel = "IDENTITY",
      description =
          "Open an encrypted bundle with a key in this file, as age-keygen writes it; a bundle that"
              + " is not encrypted is refused then.")
  @Nullable Path decryptWith;

  /** Reads the file, if there is one. */
  Identities identities(Session session, CommonOptions common) {
    if (decryptWith == null) {
      return Identities.NONE;
    }
    try {
      if (Files.exists(decryptWith)) {
        session.secretFiles(common).requirePrivate(decryptWith);
      }
    } catch (IOException e) {
      throw LocalFailure.of(e, decryptWith);
    }
    return Identities.read(decryptWith);
  }
}
