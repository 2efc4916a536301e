package io.milvusferry.transfer.age;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** The encrypted segments of a stream, made while they are read. For one thread. */
final class SegmentStream extends InputStream {
  /** Plain bytes of a segment; the last one of a file may be shorter. */
  static final int SEGMENT = 1 << 16;

  private final PushbackInputStream plain;
  private final SegmentCipher cipher;
  private final byte[] segment = new byte[SEGMENT];
  private final byte[] encrypted = new byte[SEGMENT + SegmentCipher.TAG];
  private int position;
  private int limit;
  private long number;
  private boolean ended;

  SegmentStream(InputStream plain, byte[] key) {
    this.plain = new PushbackInputStream(plain);
    this.cipher = new SegmentCipher(key);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] content, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit && !fill()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(encrypted, position, content, offset, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    int length = plain.readNBytes(segment, 0, SEGMENT);
    ended = isAtEnd();
    cipher.encrypt(number, ended, segment, length, encrypted);
    number++;
    position = 0;
    limit = length + SegmentCipher.TAG;
    return true;
  }

  /** The last segment says that it is the last, and only that of an empty file is empty. */
  private boolean isAtEnd() throws IOException {
    int next = plain.read();
    if (next >= 0) {
      plain.unread(next);
    }
    return next < 0;
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
