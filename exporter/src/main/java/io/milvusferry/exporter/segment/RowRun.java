package io.milvusferry.exporter.segment;

import java.io.IOException;

/** Rows in the order of {@link RowOrder}, of which some are in memory. For one thread. */
interface RowRun extends AutoCloseable {
  /** The rows at hand; valid also after others are. */
  UnitRows rows();

  /** Has the next rows at hand; false at the end. */
  boolean advance() throws IOException;

  /** Its rows are no longer needed. */
  @Override
  void close();
}
