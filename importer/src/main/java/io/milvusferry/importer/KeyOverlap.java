package io.milvusferry.importer;

import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.RowSource;
import io.milvusferry.record.Slice;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for a key that two sets of rows share in the same partition, in bounded memory. */
final class KeyOverlap {
  private KeyOverlap() {}

  /** The smallest shared key of some partition. */
  static Optional<Key> first(RowSource archive, RowSource target) {
    String archiveKey = archive.schema().primaryKey().name();
    String targetKey = target.schema().primaryKey().name();
    for (Slice slice : archive.slices(1)) {
      if (!target.partitions().contains(slice.partition())) {
        continue;
      }
      try (Keys left = new Keys(archive.scan(slice, Set.of(archiveKey)));
          Keys right = new Keys(target.scan(slice, Set.of(targetKey)))) {
        Optional<Key> shared = firstShared(left, right);
        if (shared.isPresent()) {
          return shared;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Key> firstShared(Keys left, Keys right) {
    Key a = left.next();
    Key b = right.next();
    while (a != null && b != null) {
      int order = a.compareTo(b);
      if (order == 0) {
        return Optional.of(a);
      }
      if (order < 0) {
        a = left.next();
      } else {
        b = right.next();
      }
    }
    return Optional.empty();
  }

  private static final class Keys implements AutoCloseable {
    private final BatchCursor cursor;
    private @Nullable RecordBatch batch;
    private int row;

    Keys(BatchCursor cursor) {
      this.cursor = cursor;
    }

    @Nullable Key next() {
      if (batch == null || row == batch.rows()) {
        batch = cursor.next();
        row = 0;
      }
      return batch == null ? null : batch.key(row++);
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
