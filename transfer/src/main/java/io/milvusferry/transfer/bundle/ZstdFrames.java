package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.InputStream;

/** The zstd frames of a stream of raw bytes, made while they are read. For one thread. */
final class ZstdFrames extends InputStream {
  private static final int BLOCK = 1 << 20;
  private static final int LEVEL = 1;

  private final InputStream raw;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final byte[] block = new byte[BLOCK];
  private final byte[] frame = new byte[(int) Zstd.compressBound(BLOCK)];
  private int position;
  private int limit;
  private boolean ended;

  ZstdFrames(InputStream raw) {
    this.raw = raw;
    context.setLevel(LEVEL);
    context.setChecksum(true);
    context.setContentSize(true);
  }

  @Override
  public int read() throws IOException {
    return fill() ? frame[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] content, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(frame, position, content, offset, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    if (ended) {
      return false;
    }
    int length = raw.readNBytes(block, 0, BLOCK);
    ended = length < BLOCK;
    if (length == 0) {
      return false;
    }
    limit = context.compressByteArray(frame, 0, frame.length, block, 0, length);
    position = 0;
    return true;
  }

  @Override
  public void close() throws IOException {
    context.close();
    raw.close();
  }
}
