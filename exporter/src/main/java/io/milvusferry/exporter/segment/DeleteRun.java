package io.milvusferry.exporter.segment;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Deletes in the order of their keys, block by block; asked for ascending keys. */
abstract class DeleteRun implements AutoCloseable {
  private @Nullable DeleteBlock block;
  private int at;
  private boolean done;

  /** A run that is in memory as a whole. */
  static DeleteRun of(DeleteBlock all) {
    return new DeleteRun() {
      private @Nullable DeleteBlock left = all;

      @Override
      @Nullable DeleteBlock read() {
        DeleteBlock next = left;
        left = null;
        return next;
      }

      @Override
      public void close() {}
    };
  }

  /** The next block, none of them empty; null at the end. */
  abstract @Nullable DeleteBlock read() throws IOException;

  /**
   * The moment of the newest delete of a key; 0 if there is none.
   *
   * @param keys no key is smaller than that of the call before
   */
  final long newest(Keys keys, int row) throws IOException {
    while (!done) {
      DeleteBlock current = block;
      if (current == null || at == current.size()) {
        block = read();
        at = 0;
        done = block == null;
        continue;
      }
      int order = current.keys().compare(at, keys, row);
      if (order >= 0) {
        return order == 0 ? current.timestamps()[at] : 0;
      }
      at++;
    }
    return 0;
  }

  @Override
  public abstract void close();
}
