package io.milvusferry.record;

import org.jspecify.annotations.Nullable;

/** Batches of rows, one after the other. Used by one thread. */
public interface BatchCursor extends AutoCloseable {
  /**
   * The next rows, or null at the end. A batch is never empty.
   *
   * @throws io.milvusferry.error.FerryException when the rows cannot be read; the cursor is then of
   *     no further use
   */
  @Nullable RecordBatch next();

  /** Releases what the cursor holds; never fails. */
  @Override
  void close();
}
