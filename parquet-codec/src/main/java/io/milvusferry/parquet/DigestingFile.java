package io.milvusferry.parquet;

import io.milvusferry.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A new local file whose digest is taken on the way to the disk. Closing forces it to disk; the
 * digest is known from then on.
 */
final class DigestingFile implements OutputFile {
  private static final int BUFFER = 256 * 1024;

  private final FileChannel channel;
  private final Stream stream;

  /** Creates the file, or empties the one that is there. */
  DigestingFile(Path path) throws IOException {
    this(path, Digest.newSha256());
  }

  /**
   * Creates the file, or empties the one that is there.
   *
   * @param algorithm takes the digest; nobody else uses it
   */
  DigestingFile(Path path, MessageDigest algorithm) throws IOException {
    stream = new Stream(algorithm);
    channel =
        FileChannel.open(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** The digest of the closed file. */
  Digest digest() {
    if (stream.digest == null) {
      throw new IllegalStateException("the file is not complete");
    }
    return stream.digest;
  }

  /** Bytes written so far. */
  long bytes() {
    return stream.position;
  }

  /** Gives the file up as it is, without what is still buffered. */
  void abandon() throws IOException {
    channel.close();
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return stream;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return stream;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  private final class Stream extends PositionOutputStream {
    private final MessageDigest algorithm;
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;
    private long position;
    private @org.jspecify.annotations.Nullable Digest digest;

    Stream(MessageDigest algorithm) {
      this.algorithm = algorithm;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      if (buffered == BUFFER) {
        drain();
      }
      buffer[buffered++] = (byte) b;
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > BUFFER - buffered) {
        drain();
      }
      if (length >= BUFFER) {
        emit(bytes, offset, length);
      } else {
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered += length;
      }
      position += length;
    }

    @Override
    public void close() throws IOException {
      if (!channel.isOpen()) {
        return;
      }
      try (channel) {
        drain();
        channel.force(true);
      }
      digest = Digest.of(algorithm.digest());
    }

    private void drain() throws IOException {
      int length = buffered;
      buffered = 0;
      emit(buffer, 0, length);
    }

    private void emit(byte[] bytes, int offset, int length) throws IOException {
      algorithm.update(bytes, offset, length);
      ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }
}
