package io.milvusferry.signature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A detached signature as {@code ssh-keygen -Y sign} makes it. It covers a digest of the bytes, a
 * namespace, and the name of the digest.
 */
final class SshSignature {
  /** A signature file is never larger. */
  static final int MOST_BYTES = 64 << 10;

  static final String SHA512 = "sha512";

  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
  private static final String END = "-----END SSH SIGNATURE-----";
  private static final int LINE = 70;

  private final SshPublicKey key;
  private final String namespace;
  private final byte[] reserved;
  private final String digest;
  private final String algorithm;
  private final byte[] signature;

  private SshSignature(
      SshPublicKey key,
      String namespace,
      byte[] reserved,
      String digest,
      String algorithm,
      byte[] signature) {
    this.key = key;
    this.namespace = namespace;
    this.reserved = reserved;
    this.digest = digest;
    this.algorithm = algorithm;
    this.signature = signature;
  }

  /** A signature over what {@link #signed(String, byte[])} gives. */
  SshSignature(SshPublicKey key, String namespace, String algorithm, byte[] signature) {
    this(key, namespace, new byte[0], SHA512, algorithm, signature.clone());
  }

  /** The key that the signature says it was made with. */
  SshPublicKey key() {
    return key;
  }

  /** What the signature says it was made for. */
  String namespace() {
    return namespace;
  }

  /** The bytes that are signed in place of the content, with the digest that this build uses. */
  static byte[] signed(String namespace, byte[] content) {
    return signed(namespace, new byte[0], SHA512, content);
  }

  private static byte[] signed(String namespace, byte[] reserved, String digest, byte[] content) {
    return new WireWriter()
        .raw(MAGIC)
        .field(namespace)
        .field(reserved)
        .field(digest)
        .field(newDigest(digest).digest(content))
        .toBytes();
  }

  private static MessageDigest newDigest(String name) {
    try {
      return switch (name) {
        case SHA512 -> MessageDigest.getInstance("SHA-512");
        case "sha256" -> MessageDigest.getInstance("SHA-256");
        default ->
            throw new IllegalArgumentException("the digest '%s' is not known".formatted(name));
      };
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-2", e);
    }
  }

  /**
   * Whether the signature is one of these bytes, by the key that it names.
   *
   * @throws IllegalArgumentException when that cannot be told
   */
  boolean covers(byte[] content) {
    return key.verifies(algorithm, signed(namespace, reserved, digest, content), signature);
  }

  /**
   * Reads a signature file.
   *
   * @throws IllegalArgumentException when it is none
   */
  static SshSignature parse(byte[] file) {
    WireReader fields = new WireReader(unwrap(file));
    if (!Arrays.equals(fields.raw(MAGIC.length), MAGIC)) {
      throw new IllegalArgumentException("it is no SSH signature");
    }
    int version = fields.number();
    if (version != VERSION) {
      throw new IllegalArgumentException("it has version %d".formatted(version));
    }
    SshPublicKey key = new SshPublicKey(fields.field());
    String namespace = fields.name();
    byte[] reserved = fields.field();
    String digest = fields.name();
    WireReader inner = new WireReader(fields.field());
    fields.end();
    String algorithm = inner.name();
    byte[] signature = inner.field();
    inner.end();
    return new SshSignature(key, namespace, reserved, digest, algorithm, signature);
  }

  private static byte[] unwrap(byte[] file) {
    if (file.length > MOST_BYTES) {
      throw new IllegalArgumentException("it has more than %d bytes".formatted(MOST_BYTES));
    }
    String text = new String(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    if (text.endsWith("\n")) {
      text = text.substring(0, text.length() - 1);
    }
    if (!text.startsWith(BEGIN + "\n") || !text.endsWith("\n" + END)) {
      throw new IllegalArgumentException(
          "it does not stand between '%s' and its end".formatted(BEGIN));
    }
    int from = BEGIN.length() + 1;
    String base64 =
        text.substring(from, Math.max(from, text.length() - END.length() - 1)).replace("\n", "");
    byte[] content = Base64.getDecoder().decode(base64);
    if (!Base64.getEncoder().encodeToString(content).equals(base64)) {
      throw new IllegalArgumentException("its Base64 does not end as it should");
    }
    return content;
  }

  /** The signature file. */
  byte[] toBytes() {
    byte[] content =
        new WireWriter()
            .raw(MAGIC)
            .number(VERSION)
            .field(key.toBytes())
            .field(namespace)
            .field(reserved)
            .field(digest)
            .field(new WireWriter().field(algorithm).field(signature).toBytes())
            .toBytes();
    String base64 =
        Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content).stripTrailing();
    return "%s\n%s\n%s\n".formatted(BEGIN, base64, END).getBytes(StandardCharsets.US_ASCII);
  }
}
