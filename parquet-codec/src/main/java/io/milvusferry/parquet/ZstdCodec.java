package io.milvusferry.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferReleaser;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The two codecs that parts use, zstd and none, without Hadoop. */
final class ZstdCodec implements CompressionCodecFactory {
  private static final int LEVEL = 1;

  /**
   * The largest page that is unpacked. Ours have about 1 MiB, more only where single rows are
   * larger; whatever claims more than this is damage.
   */
  private static final int MAX_PAGE = 256 * 1024 * 1024;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new Compressor(require(codec));
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new Decompressor(require(codec));
  }

  @Override
  public void release() {}

  private static CompressionCodecName require(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD && codec != CompressionCodecName.UNCOMPRESSED) {
      throw new IllegalArgumentException("parts are not compressed with " + codec);
    }
    return codec;
  }

  private static ByteBuffer heap(BytesInput bytes) throws IOException {
    try (ByteBufferReleaser heap = new ByteBufferReleaser(HeapByteBufferAllocator.getInstance())) {
      return bytes.toByteBuffer(heap);
    }
  }

  private record Compressor(CompressionCodecName codec) implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      if (codec == CompressionCodecName.UNCOMPRESSED) {
        return bytes;
      }
      ByteBuffer plain = heap(bytes);
      byte[] packed = new byte[Math.toIntExact(Zstd.compressBound(plain.remaining()))];
      long length =
          Zstd.compressByteArray(
              packed,
              0,
              packed.length,
              plain.array(),
              plain.arrayOffset() + plain.position(),
              plain.remaining(),
              LEVEL);
      if (Zstd.isError(length)) {
        throw new IOException("zstd: " + Zstd.getErrorName(length));
      }
      return BytesInput.from(packed, 0, (int) length);
    }

    @Override
    public CompressionCodecName getCodecName() {
      return codec;
    }

    @Override
    public void release() {}
  }

  private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      return codec == CompressionCodecName.UNCOMPRESSED
          ? bytes
          : BytesInput.from(unpack(heap(bytes), size));
    }

    @Override
    public void decompress(ByteBuffer packed, int packedSize, ByteBuffer plain, int size)
        throws IOException {
      ByteBuffer bytes =
          ByteBuffer.allocate(packedSize).put(packed.slice(packed.position(), packedSize)).flip();
      if (codec == CompressionCodecName.UNCOMPRESSED) {
        plain.put(bytes);
      } else {
        plain.put(unpack(bytes, size));
      }
    }

    @Override
    public void release() {}

    private static byte[] unpack(ByteBuffer packed, int size) throws IOException {
      if (size < 0 || size > MAX_PAGE) {
        throw new IOException("a page claims to hold %d bytes".formatted(size));
      }
      byte[] plain = new byte[size];
      try {
        long length =
            Zstd.decompressByteArray(
                plain,
                0,
                size,
                packed.array(),
                packed.arrayOffset() + packed.position(),
                packed.remaining());
        if (length != size) {
          throw new IOException(
              "a page of %d bytes should have %d"
                  .formatted(Zstd.isError(length) ? 0 : length, size));
        }
      } catch (ZstdException e) {
        throw new IOException(
            "a page of %d bytes does not unpack".formatted(packed.remaining()), e);
      }
      return plain;
    }
  }
}
