package io.milvusferry.transfer.age;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256, and what is derived by it. */
final class HmacSha256 {
  private static final String NAME = "HmacSHA256";

  private HmacSha256() {}

  /** The code of the parts, one after the other. */
  static byte[] code(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(NAME);
      mac.init(new SecretKeySpec(key, NAME));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform has no " + NAME, e);
    }
  }

  /**
   * 32 bytes by HKDF (RFC 5869).
   *
   * @param salt may be empty, which means the same as zeros
   */
  static byte[] derive(byte[] secret, byte[] salt, String info) {
    byte[] extracted = code(salt.length == 0 ? new byte[32] : salt, secret);
    return code(extracted, info.getBytes(StandardCharsets.US_ASCII), new byte[] {1});
  }

  /** 32 bytes that no other words give: each goes in behind its length. */
  static byte[] ofWords(byte[] key, String... words) {
    return code(
        key,
        Arrays.stream(words)
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .map(word -> ByteBuffer.allocate(4 + word.length).putInt(word.length).put(word).array())
            .toArray(byte[][]::new));
  }
}
