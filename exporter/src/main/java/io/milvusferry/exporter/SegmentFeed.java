package io.milvusferry.exporter;

import io.milvusferry.exporter.segment.SegmentReading;
import io.milvusferry.exporter.segment.VisibleRows;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** The rows of segment files, one slice after the other; only the units of a slice load at once. */
final class SegmentFeed implements RowFeed {
  private final SegmentReading reading;
  private final Iterator<Slice> slices;
  private final int readers;
  private final ExecutorService executor;
  private final Runnable afterSlice;
  private @Nullable Slice slice;
  private @Nullable VisibleRows rows;
  private long physical;

  SegmentFeed(
      SegmentReading reading,
      List<Slice> slices,
      int readers,
      ExecutorService executor,
      Runnable afterSlice) {
    this.reading = reading;
    this.slices = slices.iterator();
    this.readers = readers;
    this.executor = executor;
    this.afterSlice = afterSlice;
  }

  /** Rows of the slices so far that no delete took away, also those that newer ones hide. */
  long physical() {
    return physical;
  }

  @Override
  public @Nullable SliceBatch next() throws InterruptedException {
    while (true) {
      VisibleRows current = rows;
      Slice at = slice;
      if (current == null || at == null) {
        if (!slices.hasNext()) {
          return null;
        }
        at = slices.next();
        current = reading.rows(at.partition(), at.range(), readers, executor);
        slice = at;
        rows = current;
      }
      RecordBatch batch = current.next();
      if (batch != null) {
        return new SliceBatch(at, batch);
      }
      physical += current.physical();
      current.close();
      rows = null;
      afterSlice.run();
    }
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
    }
  }
}
