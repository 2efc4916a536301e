package io.milvusferry.transfer.bundle;

import java.io.IOException;
import java.io.InputStream;

/**
 * Makes a chunk smaller for the wire, and whole again. The same raw bytes give the same wire bytes,
 * as long as {@link #release()} is the same.
 */
public interface ChunkCodec {
  /** The name in the bundle index. */
  String name();

  /**
   * Name and version of what compresses; work done under another one is not continued. Whatever
   * changes the wire bytes changes this: where they are encrypted, the key follows from it, and two
   * forms of a chunk must not share one.
   */
  String release();

  /** Whether the wire bytes are the raw bytes. */
  default boolean keepsBytes() {
    return false;
  }

  /** The wire form of raw bytes. */
  InputStream encode(InputStream raw) throws IOException;

  /** The raw form of wire bytes. Memory is bounded whatever the wire bytes are. */
  InputStream decode(InputStream wire) throws IOException;
}
