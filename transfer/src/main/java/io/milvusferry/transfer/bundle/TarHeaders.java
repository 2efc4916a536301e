package io.milvusferry.transfer.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Collects the header of the next file from the tar stream. Path and size are read out of it; then
 * it must be, byte for byte, the header that a bundle has for that path and size. So nothing that
 * is not a plain file gets through, whatever its header says.
 */
final class TarHeaders {
  /** What a header tells. */
  record Header(String path, long size) {}

  private static final int TYPE = 156;
  private static final int SIZE = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int NAME_LENGTH = 100;
  private static final int MOST_EXTENSION = 4096;

  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private int needed = TarEntry.RECORD;

  /** How many more bytes are needed before {@link #read} can say something. */
  int missing() {
    return needed - collected.size();
  }

  /** Whether no byte of the next header is there yet. */
  boolean isEmpty() {
    return collected.size() == 0;
  }

  /** Whether an empty record stands where a header could be. */
  boolean isEndRecord() {
    byte[] bytes = collected.toByteArray();
    return bytes.length == TarEntry.RECORD && Arrays.equals(bytes, new byte[TarEntry.RECORD]);
  }

  void add(byte[] content, int offset, int length) {
    collected.write(content, offset, length);
  }

  /** The header, once it is complete; then the next one can be collected. */
  Optional<Header> read() throws UnsafeBundleException {
    byte[] bytes = collected.toByteArray();
    if (bytes[TYPE] != 'x') {
      return Optional.of(done(bytes, name(bytes, 0), size(bytes, 0)));
    }
    long extension = size(bytes, 0);
    if (extension < 1 || extension > MOST_EXTENSION) {
      throw new UnsafeBundleException("an extended header has %d bytes".formatted(extension));
    }
    int padded = (int) (extension + (-extension & (TarEntry.RECORD - 1)));
    int whole = TarEntry.RECORD + padded + TarEntry.RECORD;
    if (bytes.length < whole) {
      needed = whole;
      return Optional.empty();
    }
    int file = TarEntry.RECORD + padded;
    String records = new String(bytes, TarEntry.RECORD, (int) extension, StandardCharsets.UTF_8);
    String path = record(records, "path").orElse(name(bytes, file));
    Optional<String> size = record(records, "size");
    return Optional.of(
        done(bytes, path, size.isPresent() ? number(size.get(), 10) : size(bytes, file)));
  }

  private Header done(byte[] bytes, String path, long size) throws UnsafeBundleException {
    byte[] expected;
    try {
      expected = TarEntry.header(path, size);
    } catch (IllegalArgumentException e) {
      throw new UnsafeBundleException("a header cannot be: " + e.getMessage());
    }
    if (!Arrays.equals(bytes, expected)) {
      throw new UnsafeBundleException("an entry is not a plain file as ferry packs it");
    }
    collected.reset();
    needed = TarEntry.RECORD;
    return new Header(path, size);
  }

  private static String name(byte[] bytes, int start) {
    int end = start;
    while (end < start + NAME_LENGTH && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private static long size(byte[] bytes, int start) throws UnsafeBundleException {
    return number(new String(bytes, start + SIZE, SIZE_DIGITS, StandardCharsets.ISO_8859_1), 8);
  }

  private static long number(String digits, int radix) throws UnsafeBundleException {
    if (!digits.matches("[0-9]{1,18}")) {
      throw new UnsafeBundleException("a size is not a number");
    }
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      throw new UnsafeBundleException("a size is not a number");
    }
  }

  /** The value of one record {@code length key=value}. */
  private static Optional<String> record(String records, String key) {
    for (String line : records.split("\n", -1)) {
      int space = line.indexOf(' ');
      if (line.startsWith(key + "=", space + 1)) {
        return Optional.of(line.substring(space + 1 + key.length() + 1));
      }
    }
    return Optional.empty();
  }
}
