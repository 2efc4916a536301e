package io.milvusferry.transfer.age;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Encrypts files in the age format, each in the same way whenever it is asked for. Immutable.
 *
 * <p>All that is random in an age file (its key, the nonce of its payload, and a key for each
 * recipient) follows from the secret, the recipients, and words that the caller gives. The caller
 * answers for it that the same words never come with another content.
 */
public final class AgeEncryption {
  private static final int FILE_KEY = 16;
  private static final int NONCE = 16;

  private final AgeSecret secret;
  private final Recipients recipients;

  public AgeEncryption(AgeSecret secret, Recipients recipients) {
    this.secret = secret;
    this.recipients = recipients;
  }

  /** Tells what this encrypts from what another secret, or one for other recipients, does. */
  public String tag() {
    return recipients.tag() + "-" + secret.tag();
  }

  public Recipients recipients() {
    return recipients;
  }

  /**
   * The age file of a content, made while it is read.
   *
   * @param content closed with what is returned
   * @param words that determine the content
   */
  public InputStream encrypt(InputStream content, String... words) {
    byte[] key =
        secret.derive(
            Stream.concat(Stream.of("file", recipients.tag()), Stream.of(words))
                .toArray(String[]::new));
    byte[] fileKey = Arrays.copyOf(HmacSha256.ofWords(key, "file key"), FILE_KEY);
    byte[] nonce = Arrays.copyOf(HmacSha256.ofWords(key, "nonce"), NONCE);
    AgeHeader header = new AgeHeader(fileKey);
    for (Recipient recipient : recipients.all()) {
      header.wrapFor(
          recipient, new EphemeralKey(HmacSha256.ofWords(key, "ephemeral", recipient.text())));
    }
    byte[] payloadKey = HmacSha256.derive(fileKey, nonce, "payload");
    return new SequenceInputStream(
        new SequenceInputStream(
            new ByteArrayInputStream(header.toBytes()), new ByteArrayInputStream(nonce)),
        new SegmentStream(content, payloadKey));
  }

  /** The age file of a small content. */
  public byte[] encrypt(byte[] content, String... words) {
    try (InputStream in = encrypt(new ByteArrayInputStream(content), words)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }
}
