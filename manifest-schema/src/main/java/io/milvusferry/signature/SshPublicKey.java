package io.milvusferry.signature;

import io.milvusferry.digest.Digest;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Base64;

/** A public key in SSH's own form. Equal to another when their bytes are. */
final class SshPublicKey {
  private final byte[] content;
  private final String type;

  /**
   * @param content the key as it stands, in Base64, in a file {@code id_….pub}
   * @throws IllegalArgumentException when it does not even begin with a type
   */
  SshPublicKey(byte[] content) {
    this.content = content.clone();
    this.type = new WireReader(content).name();
  }

  String type() {
    return type;
  }

  byte[] toBytes() {
    return content.clone();
  }

  /** As {@code ssh-keygen -l} prints it. */
  String fingerprint() {
    return "SHA256:"
        + Base64.getEncoder().withoutPadding().encodeToString(Digest.newSha256().digest(content));
  }

  /**
   * The kind of key.
   *
   * @throws IllegalArgumentException when this build knows nothing of it
   */
  KeyFamily family() {
    return KeyFamily.of(type)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "it is made with a key of type '%s', which is not supported".formatted(type)));
  }

  /**
   * Whether this key signed these bytes.
   *
   * @throws IllegalArgumentException when the key, the algorithm or the form of the signature does
   *     not allow to tell
   */
  boolean verifies(String algorithm, byte[] signed, byte[] signature) {
    KeyFamily family = family();
    String platform =
        family
            .platformAlgorithm(algorithm)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the algorithm '%s' is not taken for a key of type '%s'"
                            .formatted(algorithm, type)));
    try {
      PublicKey key = read(family);
      Signature verification = Signature.getInstance(platform);
      verification.initVerify(key);
      verification.update(signed);
      return verification.verify(family.toPlatform(signature, key));
    } catch (SignatureException expected) {
      return false; // bytes that are no signature at all
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key cannot be used: " + e.getMessage(), e);
    }
  }

  private PublicKey read(KeyFamily family) throws GeneralSecurityException {
    WireReader fields = new WireReader(content);
    fields.field();
    PublicKey key = family.readKey(fields);
    fields.end();
    return key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshPublicKey key && Arrays.equals(content, key.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return fingerprint();
  }
}
