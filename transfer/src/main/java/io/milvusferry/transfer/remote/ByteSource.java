package io.milvusferry.transfer.remote;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read again, from any offset, and are the same each time. */
@FunctionalInterface
public interface ByteSource {
  /**
   * Opens the bytes.
   *
   * @param from how many bytes to leave out at the beginning
   */
  InputStream open(long from) throws IOException;

  /** The bytes of an array. */
  static ByteSource of(byte[] content) {
    return from ->
        new java.io.ByteArrayInputStream(content, (int) from, content.length - (int) from);
  }
}
