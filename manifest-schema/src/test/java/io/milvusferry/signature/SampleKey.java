package io.milvusferry.signature;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * A pair of keys made from a seed.
 *
 * @param line type and key as a file of allowed signers holds them
 */
record SampleKey(SigningKey key, String line) {
  /** The kinds that are supported. */
  enum Kind {
    ED25519,
    RSA,
    NISTP256,
    NISTP384,
    NISTP521
  }

  static SampleKey ed25519(long seed) {
    return of(Kind.ED25519, seed);
  }

  static SampleKey of(Kind kind, long seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      KeyPair pair = generator(kind, random).generateKeyPair();
      byte[] blob = blob(kind, pair.getPublic());
      return new SampleKey(SigningKey.of(blob, pair.getPrivate()), line(blob));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A line for a key of which nobody knows how it signs. */
  static String line(byte[] blob) {
    return new WireReader(blob).name() + " " + Base64.getEncoder().encodeToString(blob);
  }

  private static KeyPairGenerator generator(Kind kind, SecureRandom random)
      throws GeneralSecurityException {
    String algorithm =
        switch (kind) {
          case ED25519 -> "Ed25519";
          case RSA -> "RSA";
          default -> "EC";
        };
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    switch (kind) {
      case ED25519 -> generator.initialize(255, random);
      case RSA -> generator.initialize(2048, random);
      default -> generator.initialize(new ECGenParameterSpec(curve(kind)), random);
    }
    return generator;
  }

  private static String curve(Kind kind) {
    return kind.name().replace("NISTP", "secp") + "r1";
  }

  private static byte[] blob(Kind kind, PublicKey key) {
    WireWriter blob = new WireWriter();
    byte[] encoded = key.getEncoded();
    switch (kind) {
      case ED25519 ->
          blob.field("ssh-ed25519")
              .field(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
      case RSA -> {
        RSAPublicKey rsa = (RSAPublicKey) key;
        blob.field("ssh-rsa").field(rsa.getPublicExponent()).field(rsa.getModulus());
      }
      default -> {
        String name = kind.name().toLowerCase(java.util.Locale.ROOT);
        int bits = ((ECPublicKey) key).getParams().getCurve().getField().getFieldSize();
        int point = 1 + 2 * ((bits + 7) / 8);
        blob.field("ecdsa-sha2-" + name)
            .field(name)
            .field(Arrays.copyOfRange(encoded, encoded.length - point, encoded.length));
      }
    }
    return blob.toBytes();
  }
}
