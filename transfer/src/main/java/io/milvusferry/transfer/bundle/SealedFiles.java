package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.manifest.DigestList;
import io.milvusferry.manifest.Manifest;
import io.milvusferry.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The files of a sealed archive in the order in which they travel: parts by number, then what
 * describes the archive, the signature of the seal if there is one, the seal last.
 *
 * @param archiveId digest of the seal
 */
public record SealedFiles(
    ArchiveLayout layout, Digest archiveId, String creationId, List<SealedFile> files) {
  public SealedFiles {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param path relative to the root of the archive
   * @param digest what the archive says of its content; of the signature it says nothing
   * @param part whether it lies below {@code data/}
   */
  public record SealedFile(String path, long bytes, Digest digest, boolean part) {}

  /**
   * Reads what an archive consists of. The files that describe it are checked here; of the parts
   * only the sizes are known to be what the manifest says.
   *
   * @throws FerryException {@link ErrorCode#ARCHIVE_NOT_FOUND}, {@link
   *     ErrorCode#ARCHIVE_NOT_SEALED}, {@link ErrorCode#ARCHIVE_DAMAGED} naming the file, or what
   *     {@link ManifestReader} throws
   */
  public static SealedFiles read(ArchiveLayout layout) throws IOException {
    requireSealed(layout);
    byte[] seal = Files.readAllBytes(layout.seal());
    DigestList tags = list(ArchiveLayout.SEAL, seal);
    List<SealedFile> described = new ArrayList<>();
    for (Map.Entry<String, Digest> tag : tags.digests().entrySet()) {
      Path file = requireFile(layout, tag.getKey());
      if (!Digest.ofFile(file).equals(tag.getValue())) {
        throw damaged("%s has changed since the archive was sealed".formatted(tag.getKey()));
      }
      described.add(new SealedFile(tag.getKey(), Files.size(file), tag.getValue(), false));
    }
    Manifest manifest = ManifestReader.read(layout.manifest());
    DigestList payload =
        list(ArchiveLayout.PAYLOAD_DIGESTS, Files.readAllBytes(layout.payloadDigests()));
    List<SealedFile> files = new ArrayList<>();
    for (Map.Entry<String, Digest> part : payload.digests().entrySet()) {
      Path file = requireFile(layout, part.getKey());
      files.add(new SealedFile(part.getKey(), Files.size(file), part.getValue(), true));
    }
    requireSizes(manifest, files);
    files.addAll(described);
    Path signature = layout.signature();
    if (Files.isRegularFile(signature, LinkOption.NOFOLLOW_LINKS)) {
      files.add(
          new SealedFile(
              ArchiveLayout.SIGNATURE, Files.size(signature), Digest.ofFile(signature), false));
    }
    Digest archiveId = Digest.ofContent(seal);
    files.add(new SealedFile(ArchiveLayout.SEAL, seal.length, archiveId, false));
    return new SealedFiles(layout, archiveId, manifest.creationId(), files);
  }

  /** Whether the seal bears a signature. */
  public boolean signed() {
    return files.stream().anyMatch(file -> file.path().equals(ArchiveLayout.SIGNATURE));
  }

  private static void requireSealed(ArchiveLayout layout) {
    if (!Files.isDirectory(layout.root())) {
      throw new FerryException(
          ErrorCode.ARCHIVE_NOT_FOUND,
          "there is no archive %s".formatted(layout.root()),
          "Check the path, or make the archive with ferry export.",
          null);
    }
    if (!Files.isRegularFile(layout.seal(), LinkOption.NOFOLLOW_LINKS)) {
      throw new FerryException(
          ErrorCode.ARCHIVE_NOT_SEALED,
          "%s is not a finished archive: it has no %s".formatted(layout.root(), ArchiveLayout.SEAL),
          "Run the command that makes it again; it resumes.",
          null);
    }
  }

  private static DigestList list(String name, byte[] content) {
    try {
      return DigestList.parse(content);
    } catch (IllegalArgumentException e) {
      throw damaged("%s cannot be read: %s".formatted(name, e.getMessage()));
    }
  }

  private static Path requireFile(ArchiveLayout layout, String path) {
    Path file = layout.resolve(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw damaged("%s is missing".formatted(path));
    }
    return file;
  }

  private static void requireSizes(Manifest manifest, List<SealedFile> files) {
    Map<String, Long> sizes = new java.util.HashMap<>();
    files.forEach(file -> sizes.put(file.path(), file.bytes()));
    manifest.collections().stream()
        .flatMap(collection -> collection.parts().stream())
        .forEach(
            part -> {
              Long size = sizes.get(part.path());
              if (size == null || size != part.bytes()) {
                throw damaged(
                    "%s has %s bytes instead of %d".formatted(part.path(), size, part.bytes()));
              }
            });
  }

  private static FerryException damaged(String what) {
    return new FerryException(
        ErrorCode.ARCHIVE_DAMAGED,
        "the archive is damaged: " + what,
        "Run ferry verify to see all that is wrong, and export again.",
        null);
  }
}
