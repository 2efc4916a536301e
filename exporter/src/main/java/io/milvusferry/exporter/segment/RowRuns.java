package io.milvusferry.exporter.segment;

import io.milvusferry.record.Key;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs of rows, in the order of their smallest keys. For one thread. */
interface RowRuns extends AutoCloseable {
  /** A key that no row of the next run is below; null if there is no further run. */
  @Nullable Key next();

  /** The next run, with its first rows at hand; empty if it has none. */
  Optional<RowRun> take() throws IOException, InterruptedException;

  /** Gives up what is not taken. */
  @Override
  void close();
}
