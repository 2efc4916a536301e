package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.AtomicFile;
import io.milvusferry.transfer.age.Recipients;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleIndexFile;
import io.milvusferry.transfer.bundle.ChunkCodec;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.EncryptedIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Chunks, and an index, that only some can open. Until the bundle is whole, the secret that they
 * follow from lies beside the journal.
 */
final class EncryptedPacking implements Packing {
  /** Between what compresses and what encrypts. */
  private static final String AGE = "+age-";

  private final ChunkCodec codec;
  private final Recipients recipients;
  private final ShipmentSecret secret;
  private final ShipJournal journal;
  private final Path index;

  /**
   * @param index keeps the encrypted index for later runs
   */
  EncryptedPacking(
      ChunkCodec codec,
      Recipients recipients,
      ShipmentSecret secret,
      ShipJournal journal,
      Path index) {
    this.codec = codec;
    this.recipients = recipients;
    this.secret = secret;
    this.journal = journal;
    this.index = index;
  }

  /** Whether the release of a packing is of one that encrypts. */
  static boolean isRelease(String release) {
    return release.contains(AGE);
  }

  @Override
  public String codec() {
    return codec.name();
  }

  @Override
  public boolean encrypts() {
    return true;
  }

  @Override
  public boolean keepsBytes() {
    return false;
  }

  @Override
  public String release() {
    return codec.release() + AGE + recipients.tag() + "-" + secret.tag();
  }

  @Override
  public boolean keeps(String release) {
    return release.contains(AGE + recipients.tag() + "-");
  }

  /**
   * Encrypts what the codec makes. The words determine that: of which files the raw bytes are, by
   * their digests, and what compresses them. So no key ever meets two contents.
   */
  @Override
  public InputStream pack(ChunkPlan plan, InputStream raw) throws IOException {
    return secret
        .encryption()
        .encrypt(
            codec.encode(raw),
            "chunk",
            Integer.toString(plan.index()),
            plan.source().hex(),
            codec.release());
  }

  @Override
  public IndexFiles index(BundleIndex whole) {
    byte[] plain = BundleIndexFile.toBytes(whole);
    Digest digest = Digest.ofContent(plain);
    byte[] encrypted = kept(digest).orElseGet(() -> encrypt(plain, digest));
    return new IndexFiles(EncryptedIndex.of(whole, encrypted), Optional.of(encrypted));
  }

  private byte[] encrypt(byte[] plain, Digest digest) {
    byte[] encrypted = secret.encryption().encrypt(plain, "index", digest.hex());
    try {
      AtomicFile.write(index, encrypted);
    } catch (IOException e) {
      throw LocalFailure.of(e, index);
    }
    journal.encryptIndex(digest, recipients.tag(), Digest.ofContent(encrypted));
    return encrypted;
  }

  /** What an earlier run made of the same index for the same recipients. */
  private Optional<byte[]> kept(Digest plain) {
    Optional<Digest> known = journal.encryptedIndex(plain, recipients.tag());
    if (known.isEmpty() || !Files.isRegularFile(index)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(index))
          .filter(content -> Digest.ofContent(content).equals(known.get()));
    } catch (IOException e) {
      throw LocalFailure.of(e, index);
    }
  }

  @Override
  public void finish() {
    secret.forget();
  }
}
