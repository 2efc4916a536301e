package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one part in batches of a wanted size, with the target's fields. */
final class PartRows implements AutoCloseable {
  private final BatchCursor cursor;
  private final CollectionSchema target;
  private @Nullable RecordBatch current;
  private int used;

  PartRows(BatchCursor cursor, CollectionSchema target) {
    this.cursor = cursor;
    this.target = target;
  }

  /** Passes over rows. */
  void skip(long rows) {
    long left = rows;
    while (left > 0) {
      RecordBatch batch = rest();
      if (batch == null) {
        throw new IllegalStateException("the part ends before the rows that are to be skipped");
      }
      int step = (int) Math.min(left, batch.rows() - used);
      used += step;
      left -= step;
    }
  }

  /**
   * The next rows, at least one; null at the end. The key is carried also where it is made anew.
   */
  @Nullable RecordBatch next(long maxRows, long maxBytes) {
    RecordBatch batch = rest();
    if (batch == null) {
      return null;
    }
    long rowBytes = Math.max(1, batch.byteSize() / batch.rows());
    long rows = Math.max(1, Math.min(maxRows, maxBytes / rowBytes));
    RecordBatch taken = batch.slice(used, (int) Math.min(batch.rows(), used + rows));
    while (taken.rows() > 1 && taken.byteSize() > maxBytes) {
      taken = batch.slice(used, used + taken.rows() / 2);
    }
    used += taken.rows();
    return withTargetFields(taken);
  }

  private @Nullable RecordBatch rest() {
    if (current == null || used == current.rows()) {
      current = cursor.next();
      used = 0;
    }
    return current;
  }

  private RecordBatch withTargetFields(RecordBatch batch) {
    List<FieldSpec> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (FieldSpec field : target.rowFields()) {
      fields.add(field);
      columns.add(batch.column(field.name()));
    }
    return new RecordBatch(fields, columns, batch.rows());
  }

  /** The same rows without their key. */
  static RecordBatch withoutKey(RecordBatch batch) {
    List<FieldSpec> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < batch.fields().size(); i++) {
      if (!batch.fields().get(i).primaryKey()) {
        fields.add(batch.fields().get(i));
        columns.add(batch.columns().get(i));
      }
    }
    return new RecordBatch(fields, columns, batch.rows());
  }

  @Override
  public void close() {
    cursor.close();
  }
}
