package io.milvusferry.transfer.age;

import com.exceptionfactory.jagged.bech32.Bech32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * A key as {@code age-keygen} makes one, from a seed.
 *
 * @param identity the private half
 * @param recipient the public half
 */
public record AgeKeys(String identity, String recipient) {
  /** The same for the same seed. */
  public static AgeKeys of(long seed) {
    byte[] scalar = new byte[32];
    new Random(seed).nextBytes(scalar);
    return new AgeKeys(
        encode("age-secret-key-", scalar).toUpperCase(Locale.ROOT),
        encode("age", new EphemeralKey(scalar).share()));
  }

  private static String encode(String prefix, byte[] data) {
    return Bech32.getEncoder().encode(prefix, data).toString();
  }

  /** Writes the private half into a file with a comment. */
  public Path write(Path file) throws IOException {
    return Files.writeString(file, "# public key: %s\n%s\n".formatted(recipient, identity));
  }
}
