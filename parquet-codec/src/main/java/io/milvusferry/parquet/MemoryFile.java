package io.milvusferry.parquet;

import java.io.EOFException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A Parquet file that is in memory as a whole. */
record MemoryFile(ByteBuffer content) implements InputFile {
  @Override
  public long getLength() {
    return content.remaining();
  }

  @Override
  public SeekableInputStream newStream() {
    return new Stream(content.slice());
  }

  private static final class Stream extends SeekableInputStream {
    private final ByteBuffer bytes;

    Stream(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public long getPos() {
      return bytes.position();
    }

    @Override
    public void seek(long position) throws EOFException {
      if (position < 0 || position > bytes.limit()) {
        throw new EOFException("position %d of %d bytes".formatted(position, bytes.limit()));
      }
      bytes.position((int) position);
    }

    @Override
    public int read() {
      return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (!bytes.hasRemaining()) {
        return length == 0 ? 0 : -1;
      }
      int count = Math.min(length, bytes.remaining());
      bytes.get(target, offset, count);
      return count;
    }

    @Override
    public int read(ByteBuffer target) {
      if (!bytes.hasRemaining()) {
        return target.hasRemaining() ? -1 : 0;
      }
      int count = Math.min(target.remaining(), bytes.remaining());
      target.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public void readFully(byte[] target) throws EOFException {
      readFully(target, 0, target.length);
    }

    @Override
    public void readFully(byte[] target, int offset, int length) throws EOFException {
      require(length);
      bytes.get(target, offset, length);
    }

    @Override
    public void readFully(ByteBuffer target) throws EOFException {
      require(target.remaining());
      read(target);
    }

    private void require(int length) throws EOFException {
      if (length > bytes.remaining()) {
        throw new EOFException(
            "%d bytes wanted where %d are left".formatted(length, bytes.remaining()));
      }
    }
  }
}
