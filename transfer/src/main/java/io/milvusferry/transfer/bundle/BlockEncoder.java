package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The blocks of a stream of raw bytes, made while they are read. For one thread. */
final class BlockEncoder extends InputStream {
  private final InputStream raw;
  private final BlockTrial trial = new BlockTrial();
  private final ZstdCompressCtx plain = BlockForm.plain();
  private final ZstdCompressCtx sorted = BlockForm.sorted();
  private final byte[] block = new byte[BlockChunkCodec.BLOCK];
  private final byte[] planes = new byte[BlockChunkCodec.BLOCK];
  private final byte[] wire =
      new byte[BlockChunkCodec.HEADER + (int) Zstd.compressBound(BlockChunkCodec.BLOCK)];
  private final ByteBuffer header = ByteBuffer.wrap(wire).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private int position;
  private int limit;
  private boolean ended;

  BlockEncoder(InputStream raw) {
    this.raw = raw;
  }

  @Override
  public int read() throws IOException {
    return fill() ? wire[position++] & 0xff : -1;
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
    System.arraycopy(wire, position, content, offset, count);
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
    int length = raw.readNBytes(block, 0, block.length);
    ended = length < block.length;
    if (length == 0) {
      return false;
    }
    encode(length);
    return true;
  }

  private void encode(int length) {
    BlockForm form = trial.choose(block, length);
    int size = payload(form, length);
    if (size >= length) {
      form = BlockForm.STORED; // the sample promised more than the block kept
      size = payload(form, length);
    }
    crc.reset();
    crc.update(block, 0, length);
    header
        .putInt(0, form.code())
        .putInt(4, length)
        .putInt(8, size)
        .putInt(12, (int) crc.getValue());
    position = 0;
    limit = BlockChunkCodec.HEADER + size;
  }

  private int payload(BlockForm form, int length) {
    int start = BlockChunkCodec.HEADER;
    if (form == BlockForm.STORED) {
      System.arraycopy(block, 0, wire, start, length);
      return length;
    }
    if (form.sorts()) {
      BytePlanes.split(block, 0, length, form.width(), planes);
      return sorted.compressByteArray(wire, start, wire.length - start, planes, 0, length);
    }
    return plain.compressByteArray(wire, start, wire.length - start, block, 0, length);
  }

  @Override
  public void close() throws IOException {
    trial.close();
    plain.close();
    sorted.close();
    raw.close();
  }
}
