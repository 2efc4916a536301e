package io.milvusferry.importer;

import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows from memory in small batches. */
final class ListCursor implements BatchCursor {
  private final List<RecordBatch> batches = new ArrayList<>();

  ListCursor(RecordBatch rows, int most) {
    this(List.of(rows), most);
  }

  ListCursor(List<RecordBatch> all, int most) {
    for (RecordBatch rows : all) {
      for (int from = 0; from < rows.rows(); from += most) {
        batches.add(rows.slice(from, Math.min(rows.rows(), from + most)));
      }
    }
  }

  @Override
  public @Nullable RecordBatch next() {
    return batches.isEmpty() ? null : batches.remove(0);
  }

  @Override
  public void close() {}
}
