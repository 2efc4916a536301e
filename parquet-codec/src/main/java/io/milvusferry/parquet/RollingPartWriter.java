package io.milvusferry.parquet;

import io.milvusferry.digest.BucketFingerprints;
import io.milvusferry.manifest.Lane;
import io.milvusferry.manifest.PartEntry;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one slice as parts of about {@link #PART_BYTES}, and tells of each cut when
 * its parts are durable. Rows that no Parquet import takes go to parts of their own.
 *
 * <p>A cut never falls between rows of the same key. Cuts depend on the sizes of the rows since the
 * last cut alone: the same rows give the same parts, also when an interrupted export goes on behind
 * a cut. Used by one thread.
 */
public final class RollingPartWriter implements AutoCloseable {
  /** The sum of the sizes of the rows at which parts end. */
  public static final long PART_BYTES = 256L * 1024 * 1024;

  private final ParquetCodec codec;
  private final PartTarget target;
  private final long partBytes;
  private final IntSupplier numbers;
  private final CutListener listener;
  private final Map<Lane, LaneWriter> open = new EnumMap<>(Lane.class);
  private long bytes;
  private @Nullable Key last;
  private boolean prepared;
  private boolean usable = true;

  /**
   * Writes nothing yet; directories and files appear with the first row.
   *
   * @param partBytes {@link #PART_BYTES}, or less
   * @param numbers gives the number of the next part of the partition, when a part is started
   */
  public RollingPartWriter(
      ParquetCodec codec,
      PartTarget target,
      long partBytes,
      IntSupplier numbers,
      CutListener listener) {
    if (partBytes < 1) {
      throw new IllegalArgumentException("parts of %d bytes".formatted(partBytes));
    }
    this.codec = codec;
    this.target = target;
    this.partBytes = partBytes;
    this.numbers = numbers;
    this.listener = listener;
  }

  /**
   * Appends rows, which ascend by key, also from one batch to the next; equal keys may follow each
   * other. After a failure the writer is of no further use: what was cut stays; of what was not,
   * partial files are left, or a part that the next run with the same numbers replaces.
   *
   * @throws IllegalArgumentException when the keys do not ascend, or the columns are not those of
   *     the target
   * @throws io.milvusferry.error.FerryException when a file cannot be written
   */
  public void write(RecordBatch batch) {
    requireUsable();
    usable = false;
    requireAscending(batch);
    long[] sizes = RowSizes.of(batch);
    boolean[] insert = LaneSplit.insertRows(batch);
    Key previous = last;
    int from = 0;
    for (int row = 0; row < sizes.length; row++) {
      if (bytes >= partBytes && previous != null && !batch.key(row).equals(previous)) {
        append(batch, insert, from, row);
        cut(previous);
        from = row;
      }
      bytes += sizes[row];
      if (bytes >= partBytes) {
        previous = batch.key(row);
      }
    }
    append(batch, insert, from, sizes.length);
    last = batch.key(batch.rows() - 1);
    usable = true;
  }

  /** Ends with a last cut if there are rows behind the one before. */
  public void finish() {
    requireUsable();
    usable = false;
    if (last != null && !open.isEmpty()) {
      cut(last);
    }
  }

  /** Releases what is open; rows that no cut told of are left in partial files. */
  @Override
  public void close() {
    usable = false;
    open.values().forEach(LaneWriter::close);
    open.clear();
  }

  private void append(RecordBatch batch, boolean[] insert, int from, int to) {
    int[] inserted = IntStream.range(from, to).filter(row -> insert[row]).toArray();
    if (inserted.length == 0) {
      append(Lane.BULK, batch.slice(from, to));
    } else {
      append(
          Lane.BULK, batch.select(IntStream.range(from, to).filter(row -> !insert[row]).toArray()));
      append(Lane.INSERT, batch.select(inserted));
    }
  }

  private void append(Lane lane, RecordBatch rows) {
    if (rows.rows() > 0) {
      LaneWriter writer = open.get(lane);
      if (writer == null) {
        if (!prepared) {
          target.makeDirectories();
          prepared = true;
        }
        writer = new LaneWriter(codec, target, lane, numbers.getAsInt(), rows.key(0));
        open.put(lane, writer);
      }
      writer.write(rows);
    }
  }

  private void cut(Key upTo) {
    List<PartEntry> parts = new ArrayList<>();
    BucketFingerprints buckets = new BucketFingerprints();
    for (LaneWriter writer : open.values()) {
      parts.add(writer.publish());
      buckets.add(writer.fingerprint().buckets());
    }
    close();
    bytes = 0;
    listener.cut(upTo, List.copyOf(parts), buckets);
  }

  private void requireUsable() {
    if (!usable) {
      throw new IllegalStateException("the writer failed or is finished");
    }
  }

  private void requireAscending(RecordBatch batch) {
    if (batch.rows() == 0
        || !KeyOrder.ascends(batch)
        || (last != null && last.compareTo(batch.key(0)) > 0)) {
      throw new IllegalArgumentException(
          "%d rows after key %s do not ascend by key".formatted(batch.rows(), last));
    }
  }
}
