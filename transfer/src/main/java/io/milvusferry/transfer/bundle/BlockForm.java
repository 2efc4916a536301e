package io.milvusferry.transfer.bundle;

import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Optional;

/** The forms that a block may have on the wire. The code is its first byte. */
enum BlockForm {
  /** As it is. */
  STORED(0, 0),
  /** One zstd frame. */
  ZSTD(1, 0),
  /** Sorted by byte in elements of two, four or eight bytes, then one zstd frame. */
  SHUFFLE2(2, 2),
  SHUFFLE4(4, 4),
  SHUFFLE8(8, 8);

  private static final int LEVEL = 1;

  /**
   * After sorting there is next to nothing to find again: these settings leave little but entropy
   * coding, in blocks of 16 KiB that lie within a plane, each with a table of its own.
   */
  private static final int MIN_MATCH = 7;

  private static final int HASH_LOG = 6;
  private static final int WINDOW_LOG = 14;

  private final int code;
  private final int width;

  BlockForm(int code, int width) {
    this.code = code;
    this.width = width;
  }

  int code() {
    return code;
  }

  /** Bytes of an element, zero where bytes are not sorted. */
  int width() {
    return width;
  }

  boolean sorts() {
    return width > 0;
  }

  static Optional<BlockForm> of(int code) {
    for (BlockForm form : values()) {
      if (form.code == code) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }

  /** What compresses blocks as they are. */
  static ZstdCompressCtx plain() {
    return settings();
  }

  /** What compresses sorted blocks. */
  static ZstdCompressCtx sorted() {
    return settings().setMinMatch(MIN_MATCH).setHashLog(HASH_LOG).setWindowLog(WINDOW_LOG);
  }

  /**
   * What tries sorted samples.
   *
   * @param planeLog log2 of the bytes of a plane of the sample
   */
  static ZstdCompressCtx sortedSample(int planeLog) {
    return settings().setMinMatch(MIN_MATCH).setHashLog(HASH_LOG).setWindowLog(planeLog);
  }

  private static ZstdCompressCtx settings() {
    return new ZstdCompressCtx().setLevel(LEVEL).setContentSize(true).setChecksum(false);
  }
}
