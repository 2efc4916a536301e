package io.milvusferry.manifest;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.parity.SampledSearch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sealed archive, opened. What describes it agrees with the seal; its parts were not looked at.
 *
 * @param sealed digests of the files that the seal lists
 * @param id the archive id: the digest of the seal
 */
public record Archive(ArchiveLayout layout, Manifest manifest, DigestList sealed, Digest id) {
  private static final String FETCH_AGAIN =
      "Run ferry verify to see everything that is wrong, and fetch the archive again.";

  /**
   * Opens the archive in a directory.
   *
   * @throws FerryException {@link ErrorCode#ARCHIVE_NOT_FOUND}, {@link
   *     ErrorCode#ARCHIVE_NOT_SEALED}, {@link ErrorCode#ARCHIVE_DAMAGED} when the seal is malformed
   *     or the manifest is not the one that was sealed, and what {@link ManifestReader} throws
   */
  public static Archive open(Path directory) {
    ArchiveLayout layout = new ArchiveLayout(directory);
    requireSealed(layout);
    try {
      byte[] seal = Files.readAllBytes(layout.seal());
      DigestList sealed = parse(seal);
      byte[] manifest = read(layout, sealed, ArchiveLayout.MANIFEST);
      return new Archive(
          layout, ManifestReader.fromBytes(manifest), sealed, Digest.ofContent(seal));
    } catch (IOException e) {
      throw LocalFailure.of(e, directory);
    }
  }

  /**
   * Requires that the directory holds an archive, whole or damaged.
   *
   * @throws FerryException {@link ErrorCode#ARCHIVE_NOT_FOUND} or {@link
   *     ErrorCode#ARCHIVE_NOT_SEALED}
   */
  public static void requireSealed(ArchiveLayout layout) {
    Path root = layout.root();
    if (Files.isRegularFile(layout.seal(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(root)) {
      throw new FerryException(
          ErrorCode.ARCHIVE_NOT_FOUND,
          "there is no directory " + root,
          "Check the path of the archive.",
          null);
    }
    if (Stream.of(layout.journal(), layout.data(), layout.manifest(), layout.payloadDigests())
        .noneMatch(Files::exists)) {
      throw new FerryException(
          ErrorCode.ARCHIVE_NOT_FOUND,
          root + " holds no archive",
          "Name the directory in which " + ArchiveLayout.SEAL + " lies.",
          null);
    }
    throw new FerryException(
        ErrorCode.ARCHIVE_NOT_SEALED,
        "%s is not sealed: it has no %s".formatted(root, ArchiveLayout.SEAL),
        "Run the ferry export or ferry receive that writes it again; it resumes.",
        null);
  }

  /**
   * The bucket fingerprints of a collection; empty where the archive has none.
   *
   * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED} when they are not those that were
   *     sealed, or do not add up to the collection's fingerprint
   */
  public Optional<BucketFingerprints> buckets(CollectionEntry entry) {
    String path = ArchiveLayout.bucketsPath(entry.directory());
    if (!sealed.digests().containsKey(path)) {
      return Optional.empty();
    }
    try {
      BucketFingerprints buckets =
          BucketFingerprints.parse(
              new String(read(layout, sealed, path), StandardCharsets.US_ASCII));
      if (!buckets.total().equals(entry.fingerprint())) {
        throw damaged(path + " does not add up to the fingerprint of " + entry.name(), null);
      }
      return Optional.of(buckets);
    } catch (IllegalArgumentException e) {
      throw damaged(path + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw LocalFailure.of(e, layout.root());
    }
  }

  /**
   * The sampled searches of a collection; empty where the archive has none.
   *
   * @throws FerryException {@link ErrorCode#ARCHIVE_DAMAGED} when they are not those that were
   *     sealed, or cannot be read
   */
  public List<SampledSearch> searches(CollectionEntry entry) {
    String path = ArchiveLayout.queriesPath(entry.directory());
    if (!sealed.digests().containsKey(path)) {
      return List.of();
    }
    try {
      return SampledSearches.read(read(layout, sealed, path));
    } catch (IOException e) {
      throw damaged(path + ": " + e.getMessage(), e);
    }
  }

  private static DigestList parse(byte[] seal) {
    try {
      return DigestList.parse(seal);
    } catch (IllegalArgumentException e) {
      throw damaged("%s: %s".formatted(ArchiveLayout.SEAL, e.getMessage()), e);
    }
  }

  private static byte[] read(ArchiveLayout layout, DigestList sealed, String path)
      throws IOException {
    Digest expected = sealed.digests().get(path);
    Path file = layout.resolve(path);
    if (expected == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw damaged("the archive lacks " + path, null);
    }
    byte[] content = Files.readAllBytes(file);
    Digest actual = Digest.ofContent(content);
    if (!actual.equals(expected)) {
      throw damaged(
          "%s has digest %s but was sealed with %s".formatted(path, actual, expected), null);
    }
    return content;
  }

  private static FerryException damaged(
      String problem, @org.jspecify.annotations.Nullable Throwable cause) {
    return new FerryException(ErrorCode.ARCHIVE_DAMAGED, problem, FETCH_AGAIN, cause);
  }
}
