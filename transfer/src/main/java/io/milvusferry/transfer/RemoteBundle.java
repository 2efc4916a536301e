package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import io.milvusferry.transfer.bundle.PublishedIndex;
import io.milvusferry.transfer.bundle.SealedFiles;
import io.milvusferry.transfer.remote.RemoteFile;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What lies in the directory of a bundle at the beginning.
 *
 * @param sizes sizes of the files by name; a size proves nothing about the content
 * @param index the index, if it is published
 */
record RemoteBundle(String directory, Map<String, Long> sizes, Optional<PublishedIndex> index) {
  RemoteBundle {
    sizes = Map.copyOf(sizes);
  }

  /**
   * Looks at the directory.
   *
   * @throws FerryException {@link ErrorCode#DESTINATION_TAKEN} when there are volumes in it:
   *     nothing else may lie there
   */
  static RemoteBundle look(RemoteStore store, String directory) {
    Map<String, Long> sizes = new HashMap<>();
    for (RemoteFile file : store.list(directory)) {
      if (!file.directory()) {
        sizes.put(file.name(), file.size());
      } else if (file.name().matches("volume-[0-9]+")) {
        throw new FerryException(
            ErrorCode.DESTINATION_TAKEN,
            "%s/%s holds a bundle in volumes".formatted(store.location(), directory),
            "Give the same --volume-size as before, and --encrypt-to if there was one; or ship to"
                + " another directory.",
            null);
      }
    }
    RemoteBundle found = new RemoteBundle(directory, sizes, Optional.empty());
    if (!sizes.containsKey(BundleIndex.FILE)) {
      return found;
    }
    PublishedIndex index =
        BundleIndexFile.publishedFromBytes(readIndex(store, found.path(BundleIndex.FILE)));
    return new RemoteBundle(directory, sizes, Optional.of(index));
  }

  /**
   * Requires that no bundle of another archive lies there.
   *
   * @param location the directory, for people
   * @throws FerryException {@link ErrorCode#DESTINATION_TAKEN} when the bundle of another archive
   *     lies there
   */
  void requireArchive(String location, SealedFiles archive) {
    if (index.isPresent() && !index.get().mayBeOf(archive.archiveId(), archive.creationId())) {
      throw new FerryException(
          ErrorCode.DESTINATION_TAKEN,
          "%s holds the bundle of another archive, %s, not of %s"
              .formatted(
                  location,
                  index.get().archive().map(Digest::hex).orElse(index.get().creationId()),
                  archive.archiveId()),
          "Ship to another directory, or move that bundle away.",
          null);
    }
  }

  /**
   * Reads the bytes of an index of a bundle, or of the encrypted one beside it.
   *
   * @throws FerryException {@link ErrorCode#BUNDLE_NOT_FOUND} when there is none, {@link
   *     ErrorCode#BUNDLE_INVALID} when it is too large
   */
  static byte[] readIndex(RemoteStore store, String path) {
    OptionalLong size = store.size(path);
    if (size.isEmpty()) {
      throw new FerryException(
          ErrorCode.BUNDLE_NOT_FOUND,
          "there is no %s in %s".formatted(path, store.location()),
          "Check the path of the bundle.",
          null);
    }
    if (size.getAsLong() > EncryptedIndex.MOST_BYTES) {
      throw new FerryException(
          ErrorCode.BUNDLE_INVALID,
          "the bundle's index has %d bytes".formatted(size.getAsLong()),
          "Ship the archive again.",
          null);
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream((int) size.getAsLong());
    store.read(path, 0, size.getAsLong(), content::write);
    return content.toByteArray();
  }

  /** Whether chunks lie there, whole or not. */
  boolean hasChunks() {
    return sizes.keySet().stream().anyMatch(name -> name.startsWith("chunk-"));
  }

  /** Whether a bundle lies there that only some can open. */
  boolean isEncrypted() {
    return index.isPresent() && !isOpen();
  }

  /** Whether a bundle lies there that everybody can open. */
  boolean isOpen() {
    return index.flatMap(PublishedIndex::archive).isPresent();
  }

  /** The digest of what the store gives back of a chunk. */
  Digest digest(RemoteStore store, ChunkEntry chunk) {
    MessageDigest sha256 = Digest.newSha256();
    store.read(path(chunk.fileName()), 0, chunk.wireBytes(), sha256::update);
    return Digest.of(sha256.digest());
  }

  String path(String file) {
    return directory.isEmpty() ? file : directory + "/" + file;
  }

  /** The size of a file as the store tells it, empty when it was not there. */
  OptionalLong size(String file) {
    Long size = sizes.get(file);
    return size == null ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /** What the published index says of a chunk. */
  Optional<ChunkEntry> listed(int chunk) {
    return index.flatMap(it -> it.listed(chunk));
  }
}
