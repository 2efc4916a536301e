package io.milvusferry.digest;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Passes bytes on, and computes their digest and number on the way. For one thread. */
public final class DigestingOutputStream extends OutputStream {
  private final OutputStream next;
  private final MessageDigest sha256 = Digest.newSha256();
  private long bytes;

  /**
   * @param next where the bytes go; closed with this stream
   */
  public DigestingOutputStream(OutputStream next) {
    this.next = next;
  }

  @Override
  public void write(int value) throws IOException {
    next.write(value);
    sha256.update((byte) value);
    bytes++;
  }

  @Override
  public void write(byte[] content, int offset, int length) throws IOException {
    next.write(content, offset, length);
    sha256.update(content, offset, length);
    bytes += length;
  }

  @Override
  public void flush() throws IOException {
    next.flush();
  }

  @Override
  public void close() throws IOException {
    next.close();
  }

  /** How many bytes went through. */
  public long bytes() {
    return bytes;
  }

  /** The digest of all bytes; ask once, after the last. */
  public Digest digest() {
    return Digest.of(sha256.digest());
  }
}
