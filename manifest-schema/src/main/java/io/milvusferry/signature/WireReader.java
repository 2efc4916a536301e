package io.milvusferry.signature;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads fields of the SSH wire format (RFC 4251), one after the other. Whatever is not as it must
 * be is an {@link IllegalArgumentException} that says what.
 */
final class WireReader {
  private final ByteBuffer rest;

  WireReader(byte[] content) {
    this.rest = ByteBuffer.wrap(content);
  }

  /** So many bytes, without a length before them. */
  byte[] raw(int length) {
    if (length > rest.remaining()) {
      throw new IllegalArgumentException("it ends within a field");
    }
    byte[] content = new byte[length];
    rest.get(content);
    return content;
  }

  int number() {
    return ByteBuffer.wrap(raw(Integer.BYTES)).getInt();
  }

  /** A field with its length before it. */
  byte[] field() {
    int length = number();
    if (length < 0) {
      throw new IllegalArgumentException("a field says it has %d bytes".formatted(length));
    }
    return raw(length);
  }

  /** A field that is a name. */
  String name() {
    byte[] content = field();
    for (byte character : content) {
      if (character <= ' ' || character == 0x7f) {
        throw new IllegalArgumentException("a name holds other characters than letters and signs");
      }
    }
    return new String(content, StandardCharsets.US_ASCII);
  }

  /** A field that is a positive number, in its only form. */
  BigInteger positive() {
    byte[] content = field();
    if (content.length == 0 || content[0] < 0) {
      throw new IllegalArgumentException("a number is not positive");
    }
    BigInteger value = new BigInteger(content);
    if (value.signum() == 0 || value.toByteArray().length != content.length) {
      throw new IllegalArgumentException("a number has zeros before it");
    }
    return value;
  }

  /** Requires that everything was read. */
  void end() {
    if (rest.hasRemaining()) {
      throw new IllegalArgumentException("%d bytes follow its end".formatted(rest.remaining()));
    }
  }
}
