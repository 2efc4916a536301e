package io.milvusferry.transfer.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** One regular file in the tar stream: header, content, padding. No time, no owner. */
final class TarEntry {
  static final int RECORD = 512;

  /** Two empty records end a tar. */
  static final Segment END = new Segment.Literal(new byte[2 * RECORD]);

  private static final int MODE = 0100644;

  private TarEntry() {}

  static List<Segment> segments(SealedFiles.SealedFile file) {
    long bytes = file.bytes();
    List<Segment> segments = new ArrayList<>();
    segments.add(new Segment.Literal(header(file.path(), bytes)));
    if (bytes > 0) {
      segments.add(new Segment.FileRange(file, 0, bytes));
    }
    int padding = (int) (-bytes & (RECORD - 1));
    if (padding > 0) {
      segments.add(new Segment.Literal(new byte[padding]));
    }
    return segments;
  }

  /** What stands before the content of a file. */
  // Only the header is wanted: the stream must not be finished, and holds nothing to close.
  @SuppressWarnings("resource")
  static byte[] header(String path, long bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarArchiveOutputStream tar =
        new TarArchiveOutputStream(out, RECORD, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(bytes);
    entry.setMode(MODE);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    try {
      tar.putArchiveEntry(entry);
      tar.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }
}
