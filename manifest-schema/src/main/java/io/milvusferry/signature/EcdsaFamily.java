package io.milvusferry.signature;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Optional;

/** ECDSA on one of the curves of NIST. */
record EcdsaFamily(Curve curve) implements KeyFamily {
  private static final byte UNCOMPRESSED = 4;

  /** A curve, with the digest that SSH pairs it with. */
  enum Curve {
    NISTP256("nistp256", "secp256r1", "SHA256", 32),
    NISTP384("nistp384", "secp384r1", "SHA384", 48),
    NISTP521("nistp521", "secp521r1", "SHA512", 66);

    private final String name;
    private final String platformName;
    private final String digest;
    private final int bytes;

    Curve(String name, String platformName, String digest, int bytes) {
      this.name = name;
      this.platformName = platformName;
      this.digest = digest;
      this.bytes = bytes;
    }
  }

  @Override
  public PublicKey readKey(WireReader fields) throws GeneralSecurityException {
    String named = fields.name();
    byte[] point = fields.field();
    if (!named.equals(curve.name)) {
      throw new IllegalArgumentException("the key is on the curve '%s'".formatted(named));
    }
    if (point.length != 1 + 2 * curve.bytes || point[0] != UNCOMPRESSED) {
      throw new IllegalArgumentException("the key is no point in its long form");
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve.platformName));
    ECPoint coordinates =
        new ECPoint(
            new BigInteger(1, point, 1, curve.bytes),
            new BigInteger(1, point, 1 + curve.bytes, curve.bytes));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(coordinates, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  @Override
  public String signingAlgorithm() {
    return "ecdsa-sha2-" + curve.name;
  }

  @Override
  public Optional<String> platformAlgorithm(String algorithm) {
    return algorithm.equals(signingAlgorithm())
        ? Optional.of(curve.digest + "withECDSAinP1363Format")
        : Optional.empty();
  }

  /** The platform writes two numbers of fixed size, SSH two of their own size. */
  @Override
  public byte[] toWire(byte[] signature) {
    return new WireWriter()
        .field(new BigInteger(1, signature, 0, curve.bytes))
        .field(new BigInteger(1, signature, curve.bytes, curve.bytes))
        .toBytes();
  }

  @Override
  public byte[] toPlatform(byte[] signature, PublicKey key) {
    WireReader fields = new WireReader(signature);
    byte[] one = fixed(fields.positive());
    byte[] other = fixed(fields.positive());
    fields.end();
    return new WireWriter().raw(one).raw(other).toBytes();
  }

  private byte[] fixed(BigInteger value) {
    byte[] content = value.toByteArray();
    int from = content[0] == 0 ? 1 : 0;
    int length = content.length - from;
    if (length > curve.bytes) {
      throw new IllegalArgumentException("a number of the signature is too large");
    }
    byte[] fixed = new byte[curve.bytes];
    System.arraycopy(content, from, fixed, curve.bytes - length, length);
    return fixed;
  }
}
