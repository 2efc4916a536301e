package io.milvusferry.exporter.segment;

import java.io.IOException;
import java.util.List;

/** Deletes of one partition, which are asked for ascending keys. */
final class Deletes implements AutoCloseable {
  private final List<DeleteRun> runs;

  Deletes(List<DeleteRun> runs) {
    this.runs = runs;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /**
   * The moment of the newest delete of a key; 0 if there is none.
   *
   * @param keys no key is smaller than that of the call before
   */
  long newest(Keys keys, int row) throws IOException {
    long newest = 0;
    for (DeleteRun run : runs) {
      newest = Math.max(newest, run.newest(keys, row));
    }
    return newest;
  }

  @Override
  public void close() {
    runs.forEach(DeleteRun::close);
  }
}
