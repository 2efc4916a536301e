package io.milvusferry.verify;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowDigester;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one partition in key order, those of one key at a time. Holds one batch, and as many
 * as the rows of one key span. For one thread.
 */
final class PartitionRows implements AutoCloseable {
  /** A row where it lies, with its digest. */
  static final class Row {
    final RecordBatch batch;
    final int index;
    final byte[] digest;

    Row(RecordBatch batch, int index, byte[] digest) {
      this.batch = batch;
      this.index = index;
      this.digest = digest;
    }
  }

  private final RowSource source;
  private final Iterator<Slice> slices;
  private final Set<String> wanted;
  private final RowDigester digester;
  private final boolean[] buckets;
  private @Nullable BatchCursor cursor;
  private @Nullable RecordBatch batch;
  private int row;
  private @Nullable Key previous;

  /**
   * @param slices of one partition, in key order
   * @param buckets for each bucket, whether its rows count; others are skipped
   */
  PartitionRows(
      RowSource source,
      List<Slice> slices,
      Set<String> wanted,
      List<FieldSpec> fields,
      boolean[] buckets) {
    this.source = source;
    this.slices = slices.iterator();
    this.wanted = wanted;
    this.digester = new RowDigester(fields);
    this.buckets = buckets;
  }

  /** All rows of the next key; empty at the end. */
  List<Row> next() {
    List<Row> rows = new ArrayList<>(1);
    Key key = null;
    for (RecordBatch current = seek(); current != null; current = seek()) {
      Key found = current.key(row);
      if (key != null && !found.equals(key)) {
        return rows;
      }
      requireOrder(found);
      key = found;
      if (buckets[digester.bucket(row)]) {
        byte[] digest = new byte[RowDigester.LENGTH];
        digester.digest(row, digest);
        rows.add(new Row(current, row, digest));
      } else {
        key = null;
      }
      row++;
    }
    return rows;
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
    }
  }

  /** The batch in which {@code row} is the next row; null at the end. */
  private @Nullable RecordBatch seek() {
    while (batch == null || row == batch.rows()) {
      row = 0;
      batch = nextBatch();
      if (batch == null) {
        return null;
      }
      digester.open(batch);
    }
    return batch;
  }

  private @Nullable RecordBatch nextBatch() {
    while (true) {
      if (cursor != null) {
        RecordBatch next = cursor.next();
        if (next != null) {
          return next;
        }
        cursor.close();
        cursor = null;
      }
      if (!slices.hasNext()) {
        return null;
      }
      cursor = source.scan(slices.next(), wanted);
    }
  }

  private void requireOrder(Key key) {
    if (previous != null && previous.compareTo(key) > 0) {
      throw new FerryException(
          ErrorCode.BUG,
          "rows are out of order: key %s comes after %s".formatted(key, previous),
          "Please report this; the comparison proves nothing.",
          null);
    }
    previous = key;
  }
}
