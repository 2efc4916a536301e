package io.milvusferry.transfer.bundle;

import io.milvusferry.digest.Digest;
import java.util.Optional;

/**
 * What the file {@value BundleIndex#FILE} tells everybody: all of the index, or, where the bundle
 * is encrypted, only what it takes to check and carry it.
 */
public sealed interface PublishedIndex permits BundleIndex, EncryptedIndex {
  /** Of the archive. */
  String creationId();

  /** The archive, empty where that is told in the encrypted index only. */
  Optional<Digest> archive();

  /** How many chunks there are. */
  int size();

  /** All that is to be known of a chunk, empty where there is no such chunk, or it is not told. */
  Optional<ChunkEntry> listed(int chunk);

  /** Whether the bundle may be of that archive, as far as this tells. */
  default boolean mayBeOf(Digest archiveId, String itsCreationId) {
    return archive().map(archiveId::equals).orElse(creationId().equals(itsCreationId));
  }
}
