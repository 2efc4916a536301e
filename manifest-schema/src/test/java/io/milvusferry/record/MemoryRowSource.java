package io.milvusferry.record;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Rows in memory, by partition, cut into slices and batches of odd sizes. */
public final class MemoryRowSource implements RowSource {
  private final CollectionSchema schema;
  private final Map<String, List<SampleRows>> rows = new TreeMap<>();
  private final int batchRows;
  private final AtomicInteger scans = new AtomicInteger();

  /**
   * @param rows in any order; a key may be there more than once
   */
  public MemoryRowSource(
      CollectionSchema schema, Map<String, List<SampleRows>> rows, int batchRows) {
    this.schema = schema;
    this.batchRows = batchRows;
    rows.forEach(
        (partition, list) ->
            this.rows.put(
                partition, list.stream().sorted(Comparator.comparing(SampleRows::key)).toList()));
  }

  /** How many cursors were opened. */
  public int scans() {
    return scans.get();
  }

  @Override
  public CollectionSchema schema() {
    return schema;
  }

  @Override
  public List<String> partitions() {
    return List.copyOf(rows.keySet());
  }

  @Override
  public List<Slice> slices(int wanted) {
    List<Slice> slices = new ArrayList<>();
    rows.forEach(
        (partition, list) -> {
          Key from = null;
          for (int i = 1; i < wanted; i++) {
            int middle = i * list.size() / wanted;
            Key cut = list.isEmpty() ? null : list.get(middle).key();
            if (cut != null && (from == null || from.compareTo(cut) < 0)) {
              slices.add(new Slice(partition, new KeyRange(from, cut)));
              from = cut;
            }
          }
          slices.add(new Slice(partition, new KeyRange(from, null)));
        });
    return slices;
  }

  @Override
  public BatchCursor scan(Slice slice, Set<String> fields) {
    scans.incrementAndGet();
    Iterator<SampleRows> rest =
        rows.getOrDefault(slice.partition(), List.of()).stream()
            .filter(row -> slice.range().contains(row.key()))
            .toList()
            .iterator();
    return new BatchCursor() {
      @Override
      public @Nullable RecordBatch next() {
        List<SampleRows> batch = new ArrayList<>();
        while (batch.size() < batchRows && rest.hasNext()) {
          batch.add(rest.next());
        }
        return batch.isEmpty() ? null : only(SampleRows.batch(schema, batch), fields);
      }

      @Override
      public void close() {}
    };
  }

  private static RecordBatch only(RecordBatch batch, Set<String> wanted) {
    if (wanted.isEmpty()) {
      return batch;
    }
    List<FieldSpec> fields =
        batch.fields().stream()
            .filter(field -> field.primaryKey() || wanted.contains(field.name()))
            .toList();
    return new RecordBatch(
        fields, fields.stream().map(field -> batch.column(field.name())).toList(), batch.rows());
  }
}
