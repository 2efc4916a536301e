package io.milvusferry.exporter;

import org.jspecify.annotations.Nullable;

/** Rows of a collection, partition by partition, by ascending key. */
interface RowFeed extends AutoCloseable {
  /** The next rows, or null when all were read. */
  @Nullable SliceBatch next() throws InterruptedException;

  @Override
  void close();
}
