package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import java.util.List;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** Tells from a footer which row groups cannot hold wanted keys. */
final class KeyStatistics {
  private KeyStatistics() {}

  /** False only if no key of the row group lies in the range; varchar keys are not decided here. */
  static boolean mayHold(BlockMetaData block, List<FieldSpec> fields, KeyRange range) {
    for (FieldSpec field : fields) {
      if (field.primaryKey()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          if (column.getPath().toDotString().equals(field.name())) {
            return mayHold(column.getStatistics(), range);
          }
        }
      }
    }
    return true;
  }

  private static boolean mayHold(Statistics<?> statistics, KeyRange range) {
    if (!(statistics instanceof LongStatistics keys) || !keys.hasNonNullValue()) {
      return true;
    }
    return (range.from() == null || new Key.Int64(keys.getMax()).compareTo(range.from()) >= 0)
        && (range.below() == null || new Key.Int64(keys.getMin()).compareTo(range.below()) < 0);
  }
}
