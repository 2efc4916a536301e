package io.milvusferry.transfer.age;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Private keys, any of which may open an age file. */
public final class Identities {
  /** None at all. */
  public static final Identities NONE = new Identities(List.of(), "no file");

  private static final long MOST_BYTES = 64 << 10;
  private static final String HINT =
      "Name a file that age-keygen wrote, with a line AGE-SECRET-KEY-1….";

  private final List<RecipientStanzaReader> keys;
  private final String origin;

  private Identities(List<RecipientStanzaReader> keys, String origin) {
    this.keys = List.copyOf(keys);
    this.origin = origin;
  }

  /**
   * Reads a file as {@code age-keygen} writes it: one key on each line, besides comments.
   *
   * @throws FerryException {@link ErrorCode#IDENTITY_UNUSABLE}; nothing of the file is quoted
   */
  public static Identities read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw unusable(file, "it is too long for keys", HINT, null);
      }
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (content.startsWith("age-encryption.org/") || content.startsWith("-----BEGIN AGE")) {
        throw unusable(
            file,
            "it is encrypted itself",
            "Decrypt it with age -d to a file that only this user can read, and name that.",
            null);
      }
      return new Identities(keys(file, content.lines().toList()), file.toString());
    } catch (NoSuchFileException e) {
      throw unusable(file, "there is no such file", HINT, e);
    } catch (IOException e) {
      throw unusable(file, e.getClass().getSimpleName(), HINT, e);
    }
  }

  private static List<RecipientStanzaReader> keys(Path file, List<String> lines) {
    List<RecipientStanzaReader> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          keys.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(line));
        } catch (GeneralSecurityException | RuntimeException e) {
          // The cause could quote the key.
          throw unusable(file, "line %d is no key of type X25519".formatted(i + 1), HINT, null);
        }
      }
    }
    if (keys.isEmpty()) {
      throw unusable(file, "it holds no key", HINT, null);
    }
    return keys;
  }

  private static FerryException unusable(
      Path file, String why, String hint, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.IDENTITY_UNUSABLE,
        "the identity file %s cannot be used: %s".formatted(file, why),
        hint,
        cause);
  }

  /** Whether there is any. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** That none of them opens something, for people. */
  public String openNothing() {
    return keys.size() == 1
        ? "the key in %s does not open it".formatted(origin)
        : "none of the %d keys in %s opens it".formatted(keys.size(), origin);
  }

  /**
   * The content of an age file, decrypted while it is read, in bounded memory. Whatever is wrong
   * with the file is an {@link IOException}, here or when it is read.
   *
   * @param file closed with what is returned, and after a failure
   * @throws ForeignAgeFileException when none of the keys opens it
   */
  public InputStream open(InputStream file) throws IOException {
    boolean opened = false;
    try {
      InputStream content =
          Channels.newInputStream(
              new StandardDecryptingChannelFactory()
                  .newDecryptingChannel(Channels.newChannel(file), keys));
      opened = true;
      return content;
    } catch (UnsupportedRecipientStanzaException e) {
      throw new ForeignAgeFileException("it is encrypted for others", e);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IOException("it is no age file: " + e.getMessage(), e);
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
