package io.milvusferry.transfer.bundle;

import io.milvusferry.manifest.ArchiveLayout;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** A run of bytes of the tar stream. */
public sealed interface Segment {
  /** How many bytes; never zero. */
  long bytes();

  /** Opens the bytes. */
  InputStream open(ArchiveLayout layout) throws IOException;

  /** Headers and padding. */
  final class Literal implements Segment {
    private final byte[] content;

    Literal(byte[] content) {
      this.content = content;
    }

    byte[] content() {
      return content;
    }

    @Override
    public long bytes() {
      return content.length;
    }

    @Override
    public InputStream open(ArchiveLayout layout) {
      return new ByteArrayInputStream(content);
    }
  }

  /** A piece of a file of the archive. */
  record FileRange(SealedFiles.SealedFile file, long offset, long bytes) implements Segment {
    @Override
    public InputStream open(ArchiveLayout layout) throws IOException {
      return new RangeInput(
          FileChannel.open(layout.resolve(file.path()), StandardOpenOption.READ), this);
    }
  }

  /** Reads the range, and fails when the file ends within it. */
  final class RangeInput extends InputStream {
    private final FileChannel file;
    private final FileRange range;
    private long position;

    RangeInput(FileChannel file, FileRange range) {
      this.file = file;
      this.range = range;
      this.position = range.offset();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] content, int offset, int length) throws IOException {
      long left = range.offset() + range.bytes() - position;
      if (left == 0) {
        return -1;
      }
      int wanted = (int) Math.min(length, left);
      int read = file.read(ByteBuffer.wrap(content, offset, wanted), position);
      if (read < 0) {
        throw new EOFException("%s ends at %d".formatted(range.file().path(), position));
      }
      position += read;
      return read;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
