package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The raw bytes of a stream of blocks. No more memory is taken than two of the largest blocks need,
 * whatever the headers say. For one thread.
 */
final class BlockDecoder extends InputStream {
  private final InputStream wire;
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final byte[] head = new byte[BlockChunkCodec.HEADER];
  private final ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private byte[] payload = new byte[BlockChunkCodec.BLOCK];
  private byte[] planes = new byte[BlockChunkCodec.BLOCK];
  private byte[] block = new byte[BlockChunkCodec.BLOCK];
  private long blocks;
  private int position;
  private int limit;

  BlockDecoder(InputStream wire) {
    this.wire = wire;
  }

  @Override
  public int read() throws IOException {
    return fill() ? block[position++] & 0xff : -1;
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
    System.arraycopy(block, position, content, offset, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    int read = wire.readNBytes(head, 0, head.length);
    if (read == 0) {
      return false;
    }
    require(read == head.length, "its header has %d bytes", read);
    int code = header.getInt(0);
    int length = header.getInt(4);
    int size = header.getInt(8);
    BlockForm form =
        BlockForm.of(code).orElseThrow(() -> damaged("its form is %d".formatted(code)));
    require(
        length > 0 && length <= BlockChunkCodec.MOST_BLOCK, "it says that it has %d bytes", length);
    require(
        form == BlockForm.STORED ? size == length : size > 0 && size < length,
        "it says that %d bytes travelled",
        size);
    payload = room(payload, size);
    block = room(block, length);
    require(wire.readNBytes(payload, 0, size) == size, "it ends before its %d bytes", size);
    open(form, length, size);
    crc.reset();
    crc.update(block, 0, length);
    require((int) crc.getValue() == header.getInt(12), "its CRC32C is %08x", crc.getValue());
    blocks++;
    position = 0;
    limit = length;
    return true;
  }

  private void open(BlockForm form, int length, int size) throws IOException {
    if (form == BlockForm.STORED) {
      byte[] free = block;
      block = payload;
      payload = free;
    } else if (form.sorts()) {
      planes = room(planes, length);
      decompress(planes, length, size);
      BytePlanes.join(planes, length, form.width(), block);
    } else {
      decompress(block, length, size);
    }
  }

  private void decompress(byte[] to, int length, int size) throws IOException {
    int opened;
    try {
      opened = zstd.decompressByteArray(to, 0, length, payload, 0, size);
    } catch (ZstdException e) {
      throw new IOException("block %d: %s".formatted(blocks, e.getMessage()), e);
    }
    require(opened == length, "it opens to %d bytes", opened);
  }

  private static byte[] room(byte[] buffer, int length) {
    return buffer.length >= length ? buffer : new byte[length];
  }

  private void require(boolean holds, String otherwise, Object actual) throws IOException {
    if (!holds) {
      throw damaged(otherwise.formatted(actual));
    }
  }

  private IOException damaged(String what) {
    return new IOException("block %d: %s".formatted(blocks, what));
  }

  @Override
  public void close() throws IOException {
    zstd.close();
    wire.close();
  }
}
