package io.milvusferry.transfer.age;

import com.exceptionfactory.jagged.bech32.Bech32;
import com.exceptionfactory.jagged.bech32.Bech32Address;
import java.security.InvalidKeyException;

/** Who can open what is encrypted: a public key of X25519, written {@code age1…}. */
public final class Recipient {
  private static final String PREFIX = "age";

  private final String text;
  private final byte[] key;

  private Recipient(String text, byte[] key) {
    this.text = text;
    this.key = key;
  }

  /**
   * Reads a recipient.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Recipient parse(String text) {
    byte[] key = decode(text);
    try {
      new EphemeralKey(new byte[EphemeralKey.BYTES]).agree(key);
    } catch (InvalidKeyException e) {
      throw new IllegalArgumentException("it is a key that keeps no secret", e);
    }
    return new Recipient(text, key);
  }

  private static byte[] decode(String text) {
    if (!text.startsWith(PREFIX + "1")) {
      throw new IllegalArgumentException("it does not begin with age1");
    }
    Bech32Address address;
    try {
      address = Bech32.getDecoder().decode(text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("its letters do not agree with each other", e);
    }
    if (!PREFIX.contentEquals(address.getHumanReadablePart())
        || address.getData().length != EphemeralKey.BYTES) {
      throw new IllegalArgumentException("it is no key of type X25519");
    }
    return address.getData();
  }

  /** As {@code age-keygen} writes it. */
  public String text() {
    return text;
  }

  /** 32 bytes. */
  byte[] key() {
    return key.clone();
  }
}
