package io.milvusferry.verify;

import io.milvusferry.digest.Digest;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Reads one file once and compares it with what was listed.
 *
 * @param bytes size that was listed, -1 where none was
 */
record FileCheck(
    Path file, String path, Digest expected, long bytes, String task, ProgressSink progress)
    implements Callable<Optional<FileFinding>> {
  private static final int BUFFER = 1 << 20;

  @Override
  public Optional<FileFinding> call() {
    try {
      long size = Files.size(file);
      if (bytes >= 0 && size < bytes) {
        return finding(FileFinding.Kind.TRUNCATED, Long.toString(bytes), Long.toString(size));
      }
      if (bytes >= 0 && size > bytes) {
        return finding(FileFinding.Kind.CHANGED, bytes + " bytes", size + " bytes");
      }
      Digest actual = digest(size);
      return actual.equals(expected)
          ? Optional.empty()
          : finding(FileFinding.Kind.CHANGED, expected.hex(), actual.hex());
    } catch (IOException e) {
      return finding(FileFinding.Kind.UNREADABLE, "", e.toString());
    }
  }

  private Digest digest(long size) throws IOException {
    MessageDigest sha256 = Digest.newSha256();
    byte[] buffer = new byte[(int) Math.max(1, Math.min(size, BUFFER))];
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        progress.advanced(task, 0, read);
      }
    }
    return Digest.of(sha256.digest());
  }

  private Optional<FileFinding> finding(FileFinding.Kind kind, String wanted, String found) {
    return Optional.of(new FileFinding(kind, path, wanted, found));
  }
}
