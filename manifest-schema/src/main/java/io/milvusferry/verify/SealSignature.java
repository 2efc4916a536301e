package io.milvusferry.verify;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.signature.SignatureNamespace;
import io.milvusferry.signature.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The signature that lies beside the seal of an archive. */
public final class SealSignature {
  /** Nothing larger is a signature; what is, is refused for its size. */
  private static final int MOST_READ = 1 << 20;

  private SealSignature() {}

  /**
   * Checks whose archive it is.
   *
   * @param seal the bytes of the seal
   * @throws FerryException as {@link OriginCheck#check}
   */
  static Origin check(OriginCheck origin, ArchiveLayout layout, byte[] seal) throws IOException {
    return origin.check(
        SignatureNamespace.ARCHIVE, "the archive " + layout.root(), seal, read(layout));
  }

  /**
   * Signs an archive that is sealed, unless it bears a signature: whose that is, only a receiver
   * can judge.
   *
   * @throws FerryException {@link ErrorCode#LOCAL_PERMISSION} when nothing can be written there
   */
  public static void sign(SigningKey key, ArchiveLayout layout) throws IOException {
    if (Files.exists(layout.signature(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    byte[] signature = key.sign(SignatureNamespace.ARCHIVE, Files.readAllBytes(layout.seal()));
    try {
      AtomicFile.write(layout.signature(), signature);
    } catch (IOException e) {
      throw new FerryException(
          ErrorCode.LOCAL_PERMISSION,
          "the archive %s bears no signature, and none can be written beside its seal: %s"
              .formatted(layout.root(), e),
          "Sign it where it is made (ferry export --sign), or make it writable for this command.",
          e);
    }
  }

  /** Whether the signature that lies there is one by this key. */
  public static boolean isBy(SigningKey key, ArchiveLayout layout) throws IOException {
    byte[] seal = Files.readAllBytes(layout.seal());
    return read(layout)
        .filter(signature -> key.signed(SignatureNamespace.ARCHIVE, seal, signature))
        .isPresent();
  }

  private static Optional<byte[]> read(ArchiveLayout layout) throws IOException {
    if (!Files.isRegularFile(layout.signature(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in =
        Files.newInputStream(
            layout.signature(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(in.readNBytes(MOST_READ));
    }
  }
}
