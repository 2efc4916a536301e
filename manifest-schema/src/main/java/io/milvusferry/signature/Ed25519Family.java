package io.milvusferry.signature;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/** Ed25519, the usual kind. */
record Ed25519Family() implements KeyFamily {
  private static final String TYPE = "ssh-ed25519";
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  /** What stands before the 32 bytes of a key in the platform's form (RFC 8410). */
  private static final String ENCODING = "302a300506032b6570032100";

  @Override
  public PublicKey readKey(WireReader fields) throws GeneralSecurityException {
    byte[] key = fields.field();
    requireLength(key, KEY_BYTES, "key");
    byte[] encoded = new WireWriter().raw(HexFormat.of().parseHex(ENCODING)).raw(key).toBytes();
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  @Override
  public String signingAlgorithm() {
    return TYPE;
  }

  @Override
  public Optional<String> platformAlgorithm(String algorithm) {
    return algorithm.equals(TYPE) ? Optional.of("Ed25519") : Optional.empty();
  }

  @Override
  public byte[] toWire(byte[] signature) {
    return signature;
  }

  @Override
  public byte[] toPlatform(byte[] signature, PublicKey key) {
    requireLength(signature, SIGNATURE_BYTES, "signature");
    return signature;
  }

  private static void requireLength(byte[] content, int length, String what) {
    if (content.length != length) {
      throw new IllegalArgumentException(
          "an Ed25519 %s has %d bytes, not %d".formatted(what, length, content.length));
    }
  }
}
