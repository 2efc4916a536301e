package io.milvusferry.transfer.age;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/** A private key of X25519 (RFC 7748) that is used for one stanza of one file. */
final class EphemeralKey {
  static final int BYTES = 32;

  private static final String NAME = "X25519";
  private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

  private final PrivateKey key;

  /**
   * @param scalar 32 random bytes
   */
  EphemeralKey(byte[] scalar) {
    try {
      this.key =
          KeyFactory.getInstance(NAME)
              .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot make a key for " + NAME, e);
    }
  }

  /** The public half, 32 bytes. */
  byte[] share() {
    try {
      return agree(BASE_POINT);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("the base point is not taken", e);
    }
  }

  /**
   * What both sides know, 32 bytes.
   *
   * @param other public half of the other side
   * @throws InvalidKeyException when that is no key that keeps a secret
   */
  byte[] agree(byte[] other) throws InvalidKeyException {
    byte[] bigEndian = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bigEndian[i] = other[BYTES - 1 - i];
    }
    bigEndian[0] &= 0x7f; // RFC 7748: the highest bit means nothing
    return agree(new BigInteger(1, bigEndian));
  }

  private byte[] agree(BigInteger coordinate) throws InvalidKeyException {
    try {
      PublicKey other =
          KeyFactory.getInstance(NAME)
              .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, coordinate));
      KeyAgreement agreement = KeyAgreement.getInstance(NAME);
      agreement.init(key);
      agreement.doPhase(other, true);
      return agreement.generateSecret();
    } catch (InvalidKeyException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform has no " + NAME, e);
    }
  }
}
