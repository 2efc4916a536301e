package io.milvusferry.record;

import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.FieldSpec;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;

/** Digests rows of batches, one by one, without allocating. For one thread. */
public final class RowDigester {
  /** Length of a row digest in bytes. */
  public static final int LENGTH = 32;

  private final RowEncoder encoder;
  private final MessageDigest sha256 = Digest.newSha256();
  private final byte[] keyDigest = new byte[LENGTH];

  /**
   * @param fields what a row consists of, in any order; without the primary key, rows have no
   *     bucket
   */
  public RowDigester(List<FieldSpec> fields) {
    encoder = new RowEncoder(fields);
  }

  /** Whether rows have a key, and thus a bucket. */
  public boolean hasKey() {
    return encoder.hasKey();
  }

  /** The rows that are meant from now on; the batch carries at least the fields. */
  public void open(RecordBatch batch) {
    encoder.open(batch);
  }

  /** Writes the digest of a row of the open batch to the first 32 bytes of {@code digest}. */
  public void digest(int row, byte[] digest) {
    RowBytes bytes = encoder.encode(row);
    finish(bytes, digest);
  }

  /**
   * The bucket of a row of the open batch: the first byte of the digest of its key, 0 to 255.
   *
   * @throws IllegalStateException when the key is not among the fields
   */
  public int bucket(int row) {
    if (!encoder.hasKey()) {
      throw new IllegalStateException("rows without their key have no bucket");
    }
    finish(encoder.encodeKey(row), keyDigest);
    return keyDigest[0] & 0xff;
  }

  private void finish(RowBytes bytes, byte[] digest) {
    sha256.update(bytes.array(), 0, bytes.length());
    try {
      sha256.digest(digest, 0, LENGTH);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 has another length", e);
    }
  }
}
