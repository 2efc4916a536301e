package io.milvusferry.manifest;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.SignatureNamespace;
import io.milvusferry.signature.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes an archive of durable parts: writes every other file of the bag, and last its seal. The
 * same manifest and meta files give the same bytes.
 */
public final class BagWriter {
  private static final String BAG_DECLARATION =
      "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

  private final ArchiveLayout layout;

  public BagWriter(ArchiveLayout layout) {
    this.layout = layout;
  }

  /** As {@link #seal(Manifest, Map, Optional)}, without a signature. */
  public Digest seal(Manifest manifest, Map<String, byte[]> meta) throws IOException {
    return seal(manifest, meta, Optional.empty());
  }

  /**
   * Writes the tag files, the signature and the seal. The parts must lie where the manifest says,
   * and nothing else below {@code data/}. After a failure there is no seal, and the call may be
   * repeated. The seal appears after its signature, so that there never is an archive that is still
   * to be signed.
   *
   * @param meta content of the files below {@code meta/} and {@code queries/}, by path relative to
   *     the root; whatever else is there is left from an earlier attempt, and removed
   * @param signer signs the seal; where there is none, a signature that an earlier attempt left is
   *     removed
   * @return the archive id: the digest of the seal
   * @throws FerryException {@link ErrorCode#EXPORT_DIRECTORY_IN_USE} when there is a seal already
   *     or a file that is no part, {@link ErrorCode#ROWS_LOST} when a part is missing or has
   *     another size
   * @throws IllegalArgumentException when the manifest contradicts itself
   */
  public Digest seal(Manifest manifest, Map<String, byte[]> meta, Optional<SigningKey> signer)
      throws IOException {
    ManifestInvariants.check(manifest);
    if (Files.exists(layout.seal(), LinkOption.NOFOLLOW_LINKS)) {
      throw inUse("%s is sealed already".formatted(layout.root()));
    }
    Files.createDirectories(layout.data());
    Files.createDirectories(layout.meta());
    checkParts(manifest);
    removeLeftovers(meta.keySet());

    SortedMap<String, byte[]> tags = new TreeMap<>(DigestList.BY_BYTES);
    meta.forEach(
        (path, content) -> {
          if (!path.startsWith(ArchiveLayout.META + "/")
              && !path.startsWith(ArchiveLayout.QUERIES + "/")) {
            throw new IllegalArgumentException("neither below meta/ nor queries/: " + path);
          }
          tags.put(path, content);
        });
    tags.put(ArchiveLayout.BAGIT, utf8(BAG_DECLARATION));
    tags.put(ArchiveLayout.BAG_INFO, utf8(bagInfo(manifest)));
    tags.put(ArchiveLayout.PAYLOAD_DIGESTS, payload(manifest).toBytes());
    tags.put(ArchiveLayout.MANIFEST, ManifestWriter.toBytes(manifest));
    tags.put(ArchiveLayout.README, utf8(BagReadme.text(manifest)));

    SortedMap<String, Digest> sealed = new TreeMap<>(DigestList.BY_BYTES);
    if (meta.keySet().stream().anyMatch(path -> path.startsWith(ArchiveLayout.QUERIES))) {
      Files.createDirectories(layout.queries());
    }
    for (Map.Entry<String, byte[]> tag : tags.entrySet()) {
      AtomicFile.write(layout.resolve(tag.getKey()), tag.getValue());
      sealed.put(tag.getKey(), Digest.ofContent(tag.getValue()));
    }
    byte[] seal = new DigestList(sealed).toBytes();
    if (signer.isPresent()) {
      AtomicFile.write(layout.signature(), signer.get().sign(SignatureNamespace.ARCHIVE, seal));
    } else {
      Files.deleteIfExists(layout.signature());
    }
    Files.deleteIfExists(AtomicFile.partial(layout.signature()));
    AtomicFile.forceDirectory(layout.root());
    AtomicFile.write(layout.seal(), seal);
    return Digest.ofContent(seal);
  }

  private void checkParts(Manifest manifest) throws IOException {
    Map<Path, PartEntry> expected = new HashMap<>();
    for (CollectionEntry entry : manifest.collections()) {
      for (PartEntry part : entry.parts()) {
        expected.put(layout.resolve(part.path()), part);
      }
    }
    Set<Path> found = new HashSet<>();
    for (Path file : files(layout.data())) {
      PartEntry part = expected.get(file);
      if (part == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw inUse("%s is no part of this archive".formatted(file));
      }
      requireSize(part, Files.size(file));
      found.add(file);
    }
    for (Map.Entry<Path, PartEntry> part : expected.entrySet()) {
      if (!found.contains(part.getKey())) {
        requireSize(part.getValue(), 0);
      }
    }
  }

  private static void requireSize(PartEntry part, long bytes) {
    if (bytes != part.bytes()) {
      throw new FerryException(
          ErrorCode.ROWS_LOST,
          "part %s has %d bytes on disk but was written with %d"
              .formatted(part.path(), bytes, part.bytes()),
          "Somebody changed the directory during the export; export into a new one.",
          null);
    }
  }

  /**
   * The directories {@code meta/} and {@code queries/} are written here alone, so an unlisted file
   * is from a failed try.
   */
  private void removeLeftovers(Set<String> listed) throws IOException {
    for (Path directory : List.of(layout.meta(), layout.queries())) {
      for (Path file : Files.exists(directory) ? files(directory) : List.<Path>of()) {
        String path = layout.root().relativize(file).toString().replace('\\', '/');
        if (!listed.contains(path)) {
          Files.delete(file);
        }
      }
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private static DigestList payload(Manifest manifest) {
    SortedMap<String, Digest> digests = new TreeMap<>(DigestList.BY_BYTES);
    manifest.collections().stream()
        .flatMap(entry -> entry.parts().stream())
        .forEach(part -> digests.put(part.path(), part.digest()));
    return new DigestList(digests);
  }

  private static String bagInfo(Manifest manifest) {
    long files = manifest.collections().stream().mapToLong(entry -> entry.parts().size()).sum();
    return tag("Bag-Software-Agent", manifest.createdBy())
        + tag(
            "Bagging-Date", manifest.createdAt().atOffset(ZoneOffset.UTC).toLocalDate().toString())
        + tag("External-Identifier", manifest.creationId())
        + tag("Payload-Oxum", manifest.bytes() + "." + files);
  }

  private static String tag(String name, String value) {
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("%s cannot be '%s'".formatted(name, value));
    }
    return name + ": " + value + "\n";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static FerryException inUse(String problem) {
    return new FerryException(
        ErrorCode.EXPORT_DIRECTORY_IN_USE,
        problem,
        "Export into a new or empty directory, or move what is not ferry's out of this one.",
        null);
  }
}
