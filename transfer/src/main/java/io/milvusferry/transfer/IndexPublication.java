package io.milvusferry.transfer;

import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.SignatureNamespace;
import io.milvusferry.signature.SigningKey;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import io.milvusferry.transfer.remote.RemoteStore;
import java.util.Optional;

/**
 * The last step of a shipment: the index gets its name, and before it its signature. So a bundle
 * that is there for the first time is never one that is still to be signed.
 */
final class IndexPublication {
  private final Optional<SigningKey> signer;
  private final ShipJournal journal;
  private final ProgressSink progress;

  IndexPublication(Optional<SigningKey> signer, ShipJournal journal, ProgressSink progress) {
    this.signer = signer;
    this.journal = journal;
    this.progress = progress;
  }

  /**
   * The signature of an index, if it is to be signed. The same in every run, also where a key gives
   * another signature each time.
   */
  Optional<byte[]> signature(IndexFiles index) {
    if (signer.isEmpty()) {
      return Optional.empty();
    }
    SigningKey key = signer.get();
    byte[] content = index.outside();
    Optional<byte[]> earlier =
        journal.signature().filter(it -> key.signed(SignatureNamespace.BUNDLE, content, it));
    if (earlier.isPresent()) {
      return earlier;
    }
    byte[] signature = key.sign(SignatureNamespace.BUNDLE, content);
    journal.sign(signature);
    return Optional.of(signature);
  }

  /**
   * Publishes an index. Where another one is replaced, the signature belongs to the new one for the
   * moment between the two steps: a receiver refuses the old one then, which is superseded.
   */
  void publish(RemoteStore store, RemoteBundle remote, IndexFiles index) {
    SmallFiles files = new SmallFiles(store);
    index.encrypted().ifPresent(it -> files.put(remote.path(EncryptedIndex.FILE), it));
    String signaturePath = remote.path(BundleIndex.SIGNATURE);
    Optional<byte[]> signature = signature(index);
    if (signature.isPresent()) {
      files.put(signaturePath, signature.get());
    } else if (remote.index().map(index.published()::equals).orElse(false)) {
      return;
    } else if (store.size(signaturePath).isPresent()) {
      store.reject(signaturePath);
      progress.notice(
          "the bundle was signed, and its index is another one now: the signature was put aside;"
              + " ship it again with --sign to sign this one");
    }
    files.put(remote.path(BundleIndex.FILE), index.outside());
  }
}
