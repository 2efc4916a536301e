package io.milvusferry.manifest;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An append-only file of text records, each on disk before {@link #append} returns; a {@link #note}
 * outlives the process, and may be lost with the machine.
 *
 * <p>A record is a line: the CRC32C of the text in eight hexadecimal digits, a space, the text. A
 * torn last line, as a crash leaves it, is cut off when the file is opened; damage anywhere else is
 * an error. Safe for several threads.
 */
public final class JournalFile implements AutoCloseable {
  private static final int CRC_DIGITS = 8;

  private final FileChannel channel;
  private final Path file;
  private final List<String> replayed;

  private JournalFile(Path file, FileChannel channel, List<String> replayed) {
    this.file = file;
    this.channel = channel;
    this.replayed = List.copyOf(replayed);
  }

  /**
   * Opens the journal, creating it when there is none.
   *
   * @throws FerryException {@link ErrorCode#JOURNAL_DAMAGED} when a record before the last one does
   *     not match its CRC
   */
  public static JournalFile open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      byte[] content = Files.readAllBytes(file);
      List<String> records = new ArrayList<>();
      int whole = replay(file, content, records);
      channel.truncate(whole);
      channel.position(whole);
      return new JournalFile(file, channel, records);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The whole records of a journal that another process may be writing, oldest first.
   *
   * @throws FerryException as {@link #open}
   */
  public static List<String> read(Path file) throws IOException {
    List<String> records = new ArrayList<>();
    replay(file, Files.readAllBytes(file), records);
    return records;
  }

  /** The records that were in the file when it was opened, oldest first. */
  public List<String> replayed() {
    return replayed;
  }

  /**
   * Adds a record and forces it to disk.
   *
   * @param text one line; line feeds are not allowed
   */
  public synchronized void append(String text) throws IOException {
    note(text);
    channel.force(false);
  }

  /**
   * Adds a record without forcing it to disk: the next {@link #append} does, or the system, later.
   *
   * @param text one line; line feeds are not allowed
   */
  public synchronized void note(String text) throws IOException {
    if (text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a record of " + file + " holds a line feed");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer line =
        ByteBuffer.wrap(
            (crc(bytes, 0, bytes.length) + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Collects the whole records of {@code content} and returns where they end. */
  private static int replay(Path file, byte[] content, List<String> records) {
    int start = 0;
    while (start < content.length) {
      int end = start;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      boolean last = end >= content.length - 1;
      if (end == content.length || !isWhole(content, start, end)) {
        if (last) {
          return start;
        }
        throw new FerryException(
            ErrorCode.JOURNAL_DAMAGED,
            "record %d of %s does not match its CRC".formatted(records.size() + 1, file),
            "The disk changed the journal; look at the file, and remove it only if its work may start anew.",
            null);
      }
      records.add(
          new String(
              content,
              start + CRC_DIGITS + 1,
              end - start - CRC_DIGITS - 1,
              StandardCharsets.UTF_8));
      start = end + 1;
    }
    return start;
  }

  private static boolean isWhole(byte[] content, int start, int end) {
    int text = start + CRC_DIGITS + 1;
    return text <= end
        && content[text - 1] == ' '
        && crc(content, text, end - text)
            .equals(new String(content, start, CRC_DIGITS, StandardCharsets.US_ASCII));
  }

  private static String crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
