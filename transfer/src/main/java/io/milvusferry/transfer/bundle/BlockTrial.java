package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;

/** Finds out, from a sample of a block, which form makes it smallest. For one thread. */
final class BlockTrial implements AutoCloseable {
  private static final int SLICES = 8;
  private static final int SLICE = 1 << 10;
  private static final int SAMPLE = SLICES * SLICE;

  /** Smaller gains are not worth the work: form, and least gain over what was best before. */
  private static final double LEAST_GAIN = 0.01;

  private static final double LEAST_SHUFFLE_GAIN = 0.007;

  private static final BlockForm[] SORTING = {
    BlockForm.SHUFFLE2, BlockForm.SHUFFLE4, BlockForm.SHUFFLE8
  };

  private final byte[] sample = new byte[SAMPLE];
  private final byte[] sorted = new byte[SAMPLE];
  private final byte[] packed = new byte[(int) Zstd.compressBound(SAMPLE)];
  private final ZstdCompressCtx plain = BlockForm.plain();
  private final ZstdCompressCtx[] planes = new ZstdCompressCtx[SORTING.length];

  BlockTrial() {
    for (int i = 0; i < SORTING.length; i++) {
      int plane = SAMPLE / SORTING[i].width();
      planes[i] = BlockForm.sortedSample(Integer.numberOfTrailingZeros(plane));
    }
  }

  /** The form for the first {@code length} bytes of {@code block}. */
  BlockForm choose(byte[] block, int length) {
    int taken = take(block, length);
    int best = compress(plain, sample, taken);
    BlockForm form = BlockForm.ZSTD;
    for (int i = 0; i < SORTING.length; i++) {
      BytePlanes.split(sample, 0, taken, SORTING[i].width(), sorted);
      int size = compress(planes[i], sorted, taken);
      if (size < best - taken * LEAST_SHUFFLE_GAIN) {
        best = size;
        form = SORTING[i];
      }
    }
    return best < taken * (1 - LEAST_GAIN) ? form : BlockForm.STORED;
  }

  private int compress(ZstdCompressCtx context, byte[] content, int length) {
    return context.compressByteArray(packed, 0, packed.length, content, 0, length);
  }

  /** Slices at even distances, at multiples of eight; of a small block, all of it. */
  private int take(byte[] block, int length) {
    if (length <= SAMPLE) {
      System.arraycopy(block, 0, sample, 0, length);
      return length;
    }
    for (int i = 0; i < SLICES; i++) {
      int at = (int) ((long) (length - SLICE) * i / (SLICES - 1)) & -Long.BYTES;
      System.arraycopy(block, at, sample, i * SLICE, SLICE);
    }
    return SAMPLE;
  }

  @Override
  public void close() {
    plain.close();
    for (ZstdCompressCtx context : planes) {
      context.close();
    }
  }
}
