package io.milvusferry.signature;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** A private key that signs in the way of {@code ssh-keygen -Y sign}. Safe for several threads. */
public final class SigningKey {
  private final SshPublicKey publicKey;
  private final PrivateKey privateKey;

  private SigningKey(SshPublicKey publicKey, PrivateKey privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  /**
   * A pair of keys.
   *
   * @param publicKey in SSH's own form
   * @throws IllegalArgumentException when this build cannot sign with such keys, or the two are no
   *     pair
   */
  public static SigningKey of(byte[] publicKey, PrivateKey privateKey) {
    SigningKey key = new SigningKey(new SshPublicKey(publicKey), privateKey);
    byte[] trial = new byte[0];
    if (!SshSignature.parse(key.sign(SignatureNamespace.ARCHIVE, trial)).covers(trial)) {
      throw new IllegalArgumentException("the public and the private key are no pair");
    }
    return key;
  }

  /** As {@code ssh-keygen -l} prints it. */
  public String fingerprint() {
    return publicKey.fingerprint();
  }

  /** Signs bytes; returns the content of the signature file. */
  public byte[] sign(SignatureNamespace namespace, byte[] content) {
    KeyFamily family = publicKey.family();
    String algorithm = family.signingAlgorithm();
    try {
      Signature signing = Signature.getInstance(family.platformAlgorithm(algorithm).orElseThrow());
      signing.initSign(privateKey);
      signing.update(SshSignature.signed(namespace.text(), content));
      return new SshSignature(publicKey, namespace.text(), algorithm, family.toWire(signing.sign()))
          .toBytes();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key cannot sign: " + e.getMessage(), e);
    }
  }

  /** Whether a signature file is one of these bytes, for this purpose, by this key. */
  public boolean signed(SignatureNamespace namespace, byte[] content, byte[] signature) {
    try {
      SshSignature parsed = SshSignature.parse(signature);
      return parsed.key().equals(publicKey)
          && parsed.namespace().equals(namespace.text())
          && parsed.covers(content);
    } catch (IllegalArgumentException expected) {
      return false; // no signature, or by another kind of key
    }
  }
}
