package io.milvusferry.transfer.age;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * 32 random bytes, from which the keys of many files follow: who has them can open all of these.
 */
public final class AgeSecret {
  private static final int BYTES = 32;

  private final byte[] secret;

  private AgeSecret(byte[] secret) {
    this.secret = secret;
  }

  /** A new one. */
  public static AgeSecret random(SecureRandom random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return new AgeSecret(secret);
  }

  /**
   * A secret that was kept.
   *
   * @throws IllegalArgumentException when this is not what {@link #hex} gives
   */
  public static AgeSecret ofHex(String hex) {
    byte[] secret = HexFormat.of().parseHex(hex);
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("a secret of %d bytes".formatted(secret.length));
    }
    return new AgeSecret(secret);
  }

  /** The bytes themselves, to be kept where only this user can read them. */
  public String hex() {
    return HexFormat.of().formatHex(secret);
  }

  /** Tells it from others, and gives nothing away. */
  public String tag() {
    byte[] tag = HmacSha256.ofWords(secret, "tag");
    return HexFormat.of().formatHex(Arrays.copyOf(tag, 8));
  }

  /** 32 bytes that follow from this secret and these words, and from no others. */
  byte[] derive(String... words) {
    return HmacSha256.ofWords(secret, words);
  }
}
