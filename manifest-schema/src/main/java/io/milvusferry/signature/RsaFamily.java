package io.milvusferry.signature;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/** RSA with SHA-2; SHA-1 is refused. */
record RsaFamily() implements KeyFamily {
  private static final int LEAST_BITS = 2048;
  private static final int MOST_BITS = 16384;

  @Override
  public PublicKey readKey(WireReader fields) throws GeneralSecurityException {
    BigInteger exponent = fields.positive();
    BigInteger modulus = fields.positive();
    if (modulus.bitLength() < LEAST_BITS || modulus.bitLength() > MOST_BITS) {
      throw new IllegalArgumentException(
          "an RSA key has %d bits; %d to %d are taken"
              .formatted(modulus.bitLength(), LEAST_BITS, MOST_BITS));
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  @Override
  public String signingAlgorithm() {
    return "rsa-sha2-512";
  }

  @Override
  public Optional<String> platformAlgorithm(String algorithm) {
    return switch (algorithm) {
      case "rsa-sha2-512" -> Optional.of("SHA512withRSA");
      case "rsa-sha2-256" -> Optional.of("SHA256withRSA");
      default -> Optional.empty();
    };
  }

  @Override
  public byte[] toWire(byte[] signature) {
    return signature;
  }

  @Override
  public byte[] toPlatform(byte[] signature, PublicKey key) {
    int length = (((RSAPublicKey) key).getModulus().bitLength() + 7) / 8;
    if (signature.length != length) {
      throw new IllegalArgumentException(
          "a signature of this RSA key has %d bytes, not %d".formatted(length, signature.length));
    }
    return signature;
  }
}
