package io.milvusferry.transfer.age;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.Base64;

/** The header of an age file: for each recipient a stanza that wraps the key of the file. */
final class AgeHeader {
  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  private final byte[] fileKey;
  private final StringBuilder text = new StringBuilder("age-encryption.org/v1\n");

  /**
   * @param fileKey 16 bytes
   */
  AgeHeader(byte[] fileKey) {
    this.fileKey = fileKey;
  }

  /**
   * Adds a stanza.
   *
   * @param ephemeral used for nothing else
   */
  void wrapFor(Recipient recipient, EphemeralKey ephemeral) {
    byte[] share = ephemeral.share();
    byte[] salt = new byte[2 * EphemeralKey.BYTES];
    System.arraycopy(share, 0, salt, 0, EphemeralKey.BYTES);
    System.arraycopy(recipient.key(), 0, salt, EphemeralKey.BYTES, EphemeralKey.BYTES);
    byte[] wrapKey =
        HmacSha256.derive(agree(ephemeral, recipient), salt, "age-encryption.org/v1/X25519");
    byte[] wrapped = new byte[fileKey.length + SegmentCipher.TAG];
    // The key is of this one use, so the nonce is zero.
    new SegmentCipher(wrapKey).encrypt(0, false, fileKey, fileKey.length, wrapped);
    text.append("-> X25519 ").append(BASE64.encodeToString(share)).append('\n');
    text.append(BASE64.encodeToString(wrapped)).append('\n');
  }

  private static byte[] agree(EphemeralKey ephemeral, Recipient recipient) {
    try {
      return ephemeral.agree(recipient.key());
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("the recipient was taken, and is none", e);
    }
  }

  /** The whole header, with its code. */
  byte[] toBytes() {
    String covered = text + "---";
    byte[] key = HmacSha256.derive(fileKey, new byte[0], "header");
    byte[] code = HmacSha256.code(key, covered.getBytes(StandardCharsets.US_ASCII));
    return (covered + " " + BASE64.encodeToString(code) + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
