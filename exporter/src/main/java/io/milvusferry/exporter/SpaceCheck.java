package io.milvusferry.exporter;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Estimates what the parts will take, from the size of the first rows, and refuses to start on a
 * disk too small.
 */
final class SpaceCheck {
  /** What an archive takes beside its parts. */
  private static final long ALLOWANCE = 16L << 20;

  private SpaceCheck() {}

  /**
   * Bytes that the rows of a loaded collection take in memory, about as much as uncompressed parts;
   * 0 if it is empty.
   */
  static long estimate(CollectionSource source) {
    long rows = source.count().orElse(0L);
    if (rows == 0) {
      return 0;
    }
    for (Slice slice : source.slices(1)) {
      try (BatchCursor cursor = source.scan(slice, Set.of())) {
        RecordBatch batch = cursor.next();
        if (batch != null) {
          return rows * Math.max(1, batch.byteSize() / batch.rows());
        }
      }
    }
    return 0;
  }

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
