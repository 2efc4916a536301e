package io.milvusferry.transfer.age;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that can open what is encrypted, each by itself. In the order of their texts, each once. */
public final class Recipients {
  /** So many fit into a header that every reader takes. */
  private static final int MOST = 64;

  private static final long MOST_BYTES = 64 << 10;

  private final List<Recipient> all;

  private Recipients(Collection<Recipient> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Reads recipients as an operator names them.
   *
   * @param words each {@code age1…}, or a file with one on each line, as for {@code age -R}
   * @throws FerryException {@link ErrorCode#RECIPIENT_INVALID} naming the word or the line
   */
  public static Recipients of(List<String> words) {
    TreeMap<String, Recipient> found = new TreeMap<>();
    for (String word : words) {
      for (Recipient recipient : read(word)) {
        found.put(recipient.text(), recipient);
      }
    }
    if (found.isEmpty() || found.size() > MOST) {
      throw invalid("%d recipients are named".formatted(found.size()), null);
    }
    return new Recipients(found.values());
  }

  private static List<Recipient> read(String word) {
    if (word.startsWith("age1")) {
      return List.of(parse("'%s' is no recipient".formatted(word), word));
    }
    Path file = path(word);
    if (!Files.isRegularFile(file)) {
      throw invalid(
          word.startsWith("AGE-")
              ? "a secret key is given where a recipient belongs"
              : "'%s' is neither a recipient nor a file of them".formatted(word),
          null);
    }
    return lines(file);
  }

  private static List<Recipient> lines(Path file) {
    List<String> lines;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw invalid("%s is too long for a file of recipients".formatted(file), null);
      }
      lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
    List<Recipient> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        // The line is not quoted: somebody may have named a file with secrets.
        found.add(parse("line %d of %s is no recipient".formatted(i + 1, file), line));
      }
    }
    if (found.isEmpty()) {
      throw invalid("%s names no recipient".formatted(file), null);
    }
    return found;
  }

  private static Recipient parse(String what, String text) {
    try {
      return Recipient.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid("%s: %s".formatted(what, e.getMessage()), e);
    }
  }

  private static Path path(String word) {
    try {
      return Path.of(word);
    } catch (InvalidPathException e) {
      throw invalid("a recipient with a character that is in none", e);
    }
  }

  private static FerryException invalid(String what, @Nullable Throwable cause) {
    return new FerryException(
        ErrorCode.RECIPIENT_INVALID,
        what,
        "Name what age-keygen -y prints for the key of the receiver (age1…), or a file with up to"
            + " %d such lines.".formatted(MOST),
        cause);
  }

  /** In the order of their texts. */
  public List<Recipient> all() {
    return all;
  }

  /** Tells these recipients from others. */
  public String tag() {
    String texts = all.stream().map(Recipient::text).collect(Collectors.joining("\n"));
    return Digest.ofContent(texts.getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 16);
  }
}
