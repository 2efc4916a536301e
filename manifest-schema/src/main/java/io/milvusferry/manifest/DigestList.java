package io.milvusferry.manifest;

import io.milvusferry.digest.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Digests by path, as {@code sha256sum} writes and checks them: 64 lower-case hexadecimal digits,
 * two spaces, the path, a line feed; sorted by the bytes of the path.
 *
 * @param digests by path relative to the archive root
 */
public record DigestList(SortedMap<String, Digest> digests) {
  private static final int DIGITS = 64;

  /** Orders paths by their UTF-8 bytes. */
  public static final Comparator<String> BY_BYTES =
      Comparator.comparing(path -> path.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  public DigestList {
    SortedMap<String, Digest> sorted = new TreeMap<>(BY_BYTES);
    sorted.putAll(digests);
    sorted.keySet().forEach(DigestList::requirePlain);
    digests = Collections.unmodifiableSortedMap(sorted);
  }

  /** The text of the list. */
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder();
    digests.forEach(
        (path, digest) -> text.append(digest.hex()).append("  ").append(path).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the text of a list.
   *
   * @throws IllegalArgumentException naming the line that is not exactly as {@link #toBytes} would
   *     write it
   */
  public static DigestList parse(byte[] content) {
    String text = decode(content);
    SortedMap<String, Digest> digests = new TreeMap<>(BY_BYTES);
    int start = 0;
    for (int line = 1; start < text.length(); line++) {
      int end = text.indexOf('\n', start);
      if (end < start + DIGITS + 3 || !text.startsWith("  ", start + DIGITS)) {
        throw new IllegalArgumentException("line %d is malformed".formatted(line));
      }
      String path = text.substring(start + DIGITS + 2, end);
      Digest digest;
      try {
        requirePlain(path);
        digest = new Digest(text.substring(start, start + DIGITS));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line %d: %s".formatted(line, e.getMessage()), e);
      }
      if (!digests.isEmpty() && BY_BYTES.compare(digests.lastKey(), path) >= 0) {
        throw new IllegalArgumentException("line %d is out of order: %s".formatted(line, path));
      }
      digests.put(path, digest);
      start = end + 1;
    }
    return new DigestList(digests);
  }

  private static String decode(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the list is not UTF-8", e);
    }
  }

  /** Such paths need no escapes, neither of sha256sum nor of BagIt. */
  private static void requirePlain(String path) {
    ArchiveLayout.requireInside(path);
    if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '%')) {
      throw new IllegalArgumentException("path would need escapes: " + path);
    }
  }
}
