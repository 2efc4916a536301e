package io.milvusferry.transfer;

import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.PublishedIndex;
import java.util.Optional;

/**
 * The files that tell what a bundle is.
 *
 * @param published what everybody may know
 * @param encrypted the file with the rest, where the bundle is encrypted
 */
record IndexFiles(PublishedIndex published, Optional<byte[]> encrypted) {
  /** The content of the file that is published last, and signed. */
  byte[] outside() {
    return BundleIndexFile.toBytes(published);
  }
}
