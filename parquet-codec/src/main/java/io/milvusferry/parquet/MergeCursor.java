package io.milvusferry.parquet;

import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Columns;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Merges cursors whose rows ascend by key into one. A batch stays whole where nothing overlaps. */
final class MergeCursor implements BatchCursor {
  private final List<BatchCursor> cursors;
  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(Comparator.comparing((Head head) -> head.key));
  private boolean started;

  MergeCursor(List<BatchCursor> cursors) {
    this.cursors = List.copyOf(cursors);
  }

  @Override
  public @Nullable RecordBatch next() {
    if (!started) {
      started = true;
      cursors.forEach(this::advance);
    }
    List<RecordBatch> runs = new ArrayList<>();
    int rows = 0;
    long bytes = 0;
    while (!heads.isEmpty() && rows < PartReader.MAX_ROWS && bytes < PartReader.MAX_BYTES) {
      RecordBatch run = takeRun();
      runs.add(run);
      rows += run.rows();
      bytes += run.byteSize();
      if (heads.size() < 2) {
        break;
      }
    }
    return runs.isEmpty() ? null : Columns.concat(runs);
  }

  @Override
  public void close() {
    heads.clear();
    cursors.forEach(BatchCursor::close);
  }

  /** The rows that come before all others: from one cursor, up to the next key of another. */
  private RecordBatch takeRun() {
    Head least = heads.remove();
    Head other = heads.peek();
    int end = other == null ? least.batch.rows() : least.endBefore(other.key);
    RecordBatch run = least.batch.slice(least.row, end);
    if (end == least.batch.rows()) {
      advance(least.cursor);
    } else {
      heads.add(new Head(least.cursor, least.batch, end));
    }
    return run;
  }

  private void advance(BatchCursor cursor) {
    RecordBatch batch = cursor.next();
    if (batch != null) {
      heads.add(new Head(cursor, batch, 0));
    }
  }

  /** Where one cursor stands. */
  private static final class Head {
    private final BatchCursor cursor;
    private final RecordBatch batch;
    private final int row;
    private final Key key;

    Head(BatchCursor cursor, RecordBatch batch, int row) {
      this.cursor = cursor;
      this.batch = batch;
      this.row = row;
      this.key = batch.key(row);
    }

    /** The first row after this one that does not come before {@code key}; at least the next. */
    int endBefore(Key key) {
      return Math.max(row + 1, KeyOrder.firstAtLeast(batch, key));
    }
  }
}
