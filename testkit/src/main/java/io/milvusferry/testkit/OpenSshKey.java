package io.milvusferry.testkit;

import io.milvusferry.signature.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * A private key of type Ed25519 in a file of OpenSSH's own form, without a passphrase.
 *
 * @param file mode 0600
 * @param publicKey type and key as they stand in a file of allowed signers
 * @param key what a program makes of the file
 */
public record OpenSshKey(Path file, String publicKey, SigningKey key) {
  private static final String TYPE = "ssh-ed25519";
  private static final int KEY_BYTES = 32;
  private static final int PADDED_TO = 8;

  /** Writes a key; the same seed gives the same one. */
  public static OpenSshKey write(Path file, long seed) throws IOException {
    KeyPair pair = pair(seed);
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    byte[] secret = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    Fields publicKey = new Fields().field(TYPE).field(point);
    Fields privateKey =
        new Fields()
            .number((int) seed)
            .number((int) seed)
            .field(TYPE)
            .field(point)
            .field(new Fields().raw(secret).raw(point).toBytes())
            .field("");
    for (int i = 1; privateKey.toBytes().length % PADDED_TO != 0; i++) {
      privateKey.raw(new byte[] {(byte) i});
    }
    byte[] content =
        new Fields()
            .raw("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII))
            .field("none")
            .field("none")
            .field("")
            .number(1)
            .field(publicKey.toBytes())
            .field(privateKey.toBytes())
            .toBytes();
    Files.writeString(
        file,
        "-----BEGIN OPENSSH PRIVATE KEY-----\n%s\n-----END OPENSSH PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(content)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return new OpenSshKey(
        file,
        TYPE + " " + Base64.getEncoder().encodeToString(publicKey.toBytes()),
        SigningKey.of(publicKey.toBytes(), pair.getPrivate()));
  }

  private static KeyPair pair(long seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(255, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks Ed25519", e);
    }
  }

  /** Writes the SSH wire format. */
  private static final class Fields {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    Fields raw(byte[] content) throws IOException {
      out.write(content);
      return this;
    }

    Fields number(int value) throws IOException {
      out.writeInt(value);
      return this;
    }

    Fields field(byte[] content) throws IOException {
      return number(content.length).raw(content);
    }

    Fields field(String text) throws IOException {
      return field(text.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }
  }
}
