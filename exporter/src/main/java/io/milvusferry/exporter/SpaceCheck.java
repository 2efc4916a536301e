package io.milvusferry.exporter;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Refuses to start on a disk too small. */
final class SpaceCheck {
  /** What an archive takes beside its parts. */
  private static final long ALLOWANCE = 16L << 20;

  private SpaceCheck() {}

  /** Fails when the file system of {@code directory} has not so much room. */
  static void require(Path directory, List<Long> estimates) throws IOException {
    long needed = estimates.stream().mapToLong(Long::longValue).sum() + ALLOWANCE;
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < needed) {
      throw new FerryException(
          ErrorCode.DISK_FULL,
          "the export needs about %s, but %s has %s free"
              .formatted(new ByteSize(needed), directory, new ByteSize(free)),
          "Free some space, choose another directory with --to, or export fewer collections with --only.",
          null);
    }
  }
}
