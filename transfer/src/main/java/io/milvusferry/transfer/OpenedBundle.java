package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.age.ForeignAgeFileException;
import io.milvusferry.transfer.age.Identities;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import io.milvusferry.transfer.bundle.PublishedIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of which all is known, and what opens its files.
 *
 * @param index all of it
 * @param keys open its chunks; none where the bundle is not encrypted
 */
record OpenedBundle(BundleIndex index, Identities keys) {
  /**
   * Opens a bundle, before any chunk of it is fetched.
   *
   * @param location where it is, for people
   * @param keys what the operator has given to open it with
   * @param fetch gives the content of a file beside the index, by its name
   * @throws FerryException {@link ErrorCode#BUNDLE_ENCRYPTED} when there is no key, {@link
   *     ErrorCode#IDENTITY_FOREIGN} when there is no right one, {@link
   *     ErrorCode#BUNDLE_NOT_ENCRYPTED} when there is one and nothing to open, {@link
   *     ErrorCode#BUNDLE_INVALID} when the encrypted index is not what stands outside
   */
  static OpenedBundle of(
      PublishedIndex published, String location, Identities keys, Function<String, byte[]> fetch) {
    if (published instanceof EncryptedIndex outside) {
      return new OpenedBundle(open(outside, location, keys, fetch), keys);
    }
    if (!keys.isEmpty()) {
      throw new FerryException(
          ErrorCode.BUNDLE_NOT_ENCRYPTED,
          "the bundle in %s is not encrypted, and a key is given to open it".formatted(location),
          "If it should be, ask its owner to ship it again with --encrypt-to; else leave"
              + " --decrypt-with out.",
          null);
    }
    return new OpenedBundle((BundleIndex) published, Identities.NONE);
  }

  private static BundleIndex open(
      EncryptedIndex outside, String location, Identities keys, Function<String, byte[]> fetch) {
    if (keys.isEmpty()) {
      throw new FerryException(
          ErrorCode.BUNDLE_ENCRYPTED,
          "the bundle in %s is encrypted".formatted(location),
          "Name the file with your key: --decrypt-with FILE.",
          null);
    }
    byte[] encrypted = fetch.apply(EncryptedIndex.FILE);
    Digest actual = Digest.ofContent(encrypted);
    if (!actual.equals(outside.indexDigest())) {
      throw invalid(
          location,
          "%s has the digest %s instead of %s"
              .formatted(EncryptedIndex.FILE, actual, outside.indexDigest()),
          null);
    }
    BundleIndex index = decrypt(encrypted, location, keys);
    if (!outside.standsFor(index)) {
      throw invalid(
          location,
          "%s and %s do not list the same chunks".formatted(BundleIndex.FILE, EncryptedIndex.FILE),
          null);
    }
    return index;
  }

  private static BundleIndex decrypt(byte[] encrypted, String location, Identities keys) {
    try (InputStream plain = keys.open(new ByteArrayInputStream(encrypted))) {
      return BundleIndexFile.fromBytes(plain.readNBytes((int) BundleIndexFile.MAX_BYTES + 1));
    } catch (ForeignAgeFileException e) {
      throw new FerryException(
          ErrorCode.IDENTITY_FOREIGN,
          "the bundle in %s is encrypted for others: %s".formatted(location, keys.openNothing()),
          "Name the file with the right key, or ask its owner to ship it again with --encrypt-to"
              + " and your recipient; age-keygen -y prints it.",
          e);
    } catch (IOException e) {
      throw invalid(
          location, "%s cannot be opened: %s".formatted(EncryptedIndex.FILE, e.getMessage()), e);
    }
  }

  private static FerryException invalid(
      String location, String problem, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.BUNDLE_INVALID,
        "the bundle in %s is not valid: %s".formatted(location, problem),
        "Ship the archive again. If ferry ship is running there, wait until it has ended.",
        cause);
  }

  /** The content of a chunk's file as the codec made it; closed with {@code wire}. */
  InputStream open(InputStream wire) throws IOException {
    return keys.isEmpty() ? wire : keys.open(wire);
  }
}
