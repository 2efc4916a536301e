package io.milvusferry.verify;

import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.signature.Origin;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.signature.SignatureNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The signature that lies beside the seal of an archive. */
final class SealSignature {
  /** Nothing larger is a signature; what is, is refused for its size. */
  private static final int MOST_READ = 1 << 20;

  private SealSignature() {}

  /**
   * Checks whose archive it is.
   *
   * @param seal the bytes of the seal
   * @throws io.milvusferry.error.FerryException as {@link OriginCheck#check}
   */
  static Origin check(OriginCheck origin, ArchiveLayout layout, byte[] seal) throws IOException {
    return origin.check(
        SignatureNamespace.ARCHIVE, "the archive " + layout.root(), seal, read(layout));
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
