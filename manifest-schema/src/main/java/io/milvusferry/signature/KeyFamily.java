package io.milvusferry.signature;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Optional;

/** What SSH says of one kind of keys, in terms of the Java platform. */
sealed interface KeyFamily permits Ed25519Family, RsaFamily, EcdsaFamily {
  /** The family whose keys call themselves so; empty where this build knows none. */
  static Optional<KeyFamily> of(String type) {
    return switch (type) {
      case "ssh-ed25519" -> Optional.of(new Ed25519Family());
      case "ssh-rsa" -> Optional.of(new RsaFamily());
      case "ecdsa-sha2-nistp256" -> Optional.of(new EcdsaFamily(EcdsaFamily.Curve.NISTP256));
      case "ecdsa-sha2-nistp384" -> Optional.of(new EcdsaFamily(EcdsaFamily.Curve.NISTP384));
      case "ecdsa-sha2-nistp521" -> Optional.of(new EcdsaFamily(EcdsaFamily.Curve.NISTP521));
      default -> Optional.empty();
    };
  }

  /** Reads what follows the type in a public key. */
  PublicKey readKey(WireReader fields) throws GeneralSecurityException;

  /** The algorithm that signatures are made with, in SSH's words. */
  String signingAlgorithm();

  /** An algorithm of SSH in the platform's words; empty where it is not for these keys, or weak. */
  Optional<String> platformAlgorithm(String algorithm);

  /** A signature of the platform as SSH writes it. */
  byte[] toWire(byte[] signature);

  /** A signature of SSH as the platform reads it. */
  byte[] toPlatform(byte[] signature, PublicKey key);
}
