package io.milvusferry.parquet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Tells UTF-8 from other bytes. */
final class Utf8 {
  private Utf8() {}

  /** Whether {@code length} bytes from {@code at} on are UTF-8; most texts are plain ASCII. */
  static boolean valid(byte[] bytes, int at, int length) {
    int end = at + length;
    for (int i = at; i < end; i++) {
      if (bytes[i] < 0) {
        return decodes(ByteBuffer.wrap(bytes, i, end - i));
      }
    }
    return true;
  }

  private static boolean decodes(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
