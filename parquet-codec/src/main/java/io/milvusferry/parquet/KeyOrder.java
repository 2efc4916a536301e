package io.milvusferry.parquet;

import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.util.Arrays;

/** Finds keys in batches whose rows ascend by key. */
final class KeyOrder {
  private KeyOrder() {}

  /** The first row whose key is at least {@code key}; the number of rows if there is none. */
  static int firstAtLeast(RecordBatch batch, Key key) {
    int low = 0;
    int high = batch.rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (batch.key(middle).compareTo(key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The rows whose keys lie in the range; no rows may be left. */
  static RecordBatch within(RecordBatch batch, KeyRange range) {
    int from = range.from() == null ? 0 : firstAtLeast(batch, range.from());
    int to = range.below() == null ? batch.rows() : firstAtLeast(batch, range.below());
    return batch.slice(from, Math.max(from, to));
  }

  /** Whether each key is at least the one before it. */
  static boolean ascends(RecordBatch batch) {
    for (int i = 0; i < batch.fields().size(); i++) {
      if (batch.fields().get(i).primaryKey()) {
        return batch.columns().get(i) instanceof Column.Int64 numbers
            ? ascends(numbers.values())
            : ascends((Column.Bytes) batch.columns().get(i));
      }
    }
    throw new IllegalArgumentException("the batch carries no primary key: " + batch.fields());
  }

  private static boolean ascends(long[] keys) {
    for (int i = 1; i < keys.length; i++) {
      if (keys[i - 1] > keys[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean ascends(Column.Bytes keys) {
    int[] at = keys.offsets();
    byte[] bytes = keys.bytes();
    for (int i = 1; i < keys.rows(); i++) {
      if (Arrays.compareUnsigned(bytes, at[i - 1], at[i], bytes, at[i], at[i + 1]) > 0) {
        return false;
      }
    }
    return true;
  }
}
