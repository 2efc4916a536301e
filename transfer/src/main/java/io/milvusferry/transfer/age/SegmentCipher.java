package io.milvusferry.transfer.age;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** ChaCha20-Poly1305 over segments that are numbered. For one thread. */
final class SegmentCipher {
  /** What a segment grows by. */
  static final int TAG = 16;

  private static final String NAME = "ChaCha20-Poly1305";
  private static final int NONCE = 12;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final ByteBuffer nonce = ByteBuffer.allocate(NONCE);

  SegmentCipher(byte[] key) {
    try {
      this.cipher = Cipher.getInstance(NAME);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform has no " + NAME, e);
    }
    this.key = new SecretKeySpec(key, "ChaCha20");
  }

  /**
   * Encrypts a segment.
   *
   * @param number from zero; each only once
   * @param to takes {@link #TAG} bytes more than {@code length}
   */
  void encrypt(long number, boolean last, byte[] content, int length, byte[] to) {
    nonce.putLong(3, number).put(NONCE - 1, (byte) (last ? 1 : 0));
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(nonce.array()));
      cipher.doFinal(content, 0, length, to, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot encrypt with " + NAME, e);
    }
  }
}
