package io.milvusferry.signature;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes fields of the SSH wire format (RFC 4251), one after the other. */
final class WireWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Bytes without a length before them. */
  WireWriter raw(byte[] content) {
    out.writeBytes(content);
    return this;
  }

  WireWriter number(int value) {
    return raw(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  WireWriter field(byte[] content) {
    return number(content.length).raw(content);
  }

  WireWriter field(String text) {
    return field(text.getBytes(StandardCharsets.US_ASCII));
  }

  WireWriter field(BigInteger value) {
    return field(value.toByteArray());
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
