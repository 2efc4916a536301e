package io.milvusferry.transfer.remote;

import java.io.IOException;

/** Takes the bytes of a remote file, in order and without gaps. */
@FunctionalInterface
public interface RangeSink {
  /** Takes the next bytes; the array belongs to the caller again afterwards. */
  void accept(byte[] content, int offset, int length) throws IOException;
}
