package io.milvusferry.importer;

import io.milvusferry.manifest.PartEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Parts of one collection, each once, in the order in which they become ready. For one thread. */
public interface PartFeed extends AutoCloseable {
  /**
   * The next part; empty if none becomes ready in time, or none is left.
   *
   * @throws io.milvusferry.error.FerryException when the parts that are left cannot be made
   */
  Optional<PartEntry> next(Duration wait);

  /** Whether no part is left. */
  boolean ended();

  /** Stops what makes parts; never fails. */
  @Override
  void close();

  /** Parts that are there already. */
  static PartFeed of(List<PartEntry> parts) {
    Deque<PartEntry> left = new ArrayDeque<>(parts);
    return new PartFeed() {
      @Override
      public Optional<PartEntry> next(Duration wait) {
        return Optional.ofNullable(left.poll());
      }

      @Override
      public boolean ended() {
        return left.isEmpty();
      }

      @Override
      public void close() {
        left.clear();
      }
    };
  }
}
