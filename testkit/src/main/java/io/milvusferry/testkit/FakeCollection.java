package io.milvusferry.testkit;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.record.Column;
import io.milvusferry.record.Columns;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A collection in memory. As on a real server, rows inserted under a key that is there already are
 * counted, and only the newest is read. Guarded by the lock of its server.
 */
final class FakeCollection {
  /** One partition: of each key all rows, the newest last. */
  private static final class Rows {
    final long id;
    final NavigableMap<Key, List<RecordBatch>> byKey = new TreeMap<>();
    long growing;

    Rows(long id) {
      this.id = id;
    }
  }

  static final String DEFAULT_PARTITION = "_default";

  private final long id;
  private final long createdTimestamp;
  private final Map<String, Rows> partitions = new LinkedHashMap<>();
  private final List<SegmentState> segments = new ArrayList<>();
  private final java.util.function.LongSupplier ids;
  private CollectionDescription description;

  /**
   * @param description with its partitions; the server's for a partition key are one here
   * @param ids gives ids that nothing else has
   */
  FakeCollection(
      CollectionDescription description,
      long createdTimestamp,
      java.util.function.LongSupplier ids) {
    this.description = description;
    this.createdTimestamp = createdTimestamp;
    this.ids = ids;
    this.id = ids.getAsLong();
    addPartition(keyed() ? "" : DEFAULT_PARTITION);
  }

  boolean keyed() {
    return description.schema().partitionKey().isPresent();
  }

  CollectionDescription description() {
    return description;
  }

  void describe(CollectionDescription other) {
    description = other;
  }

  CollectionIdentity identity() {
    return new CollectionIdentity(
        id,
        createdTimestamp,
        Digest.ofContent(description.schema().toString().getBytes(StandardCharsets.UTF_8)));
  }

  boolean loaded() {
    return description.loadState() == LoadState.LOADED;
  }

  boolean vectorsIndexed() {
    return description.vectorsWithoutIndex().isEmpty();
  }

  boolean hasPartition(String partition) {
    return partitions.containsKey(partition);
  }

  void addPartition(String partition) {
    partitions.put(partition, new Rows(ids.getAsLong()));
  }

  List<String> partitionNames() {
    return List.copyOf(partitions.keySet());
  }

  private Collection<Rows> rows(String partition) {
    if (partition.isEmpty()) {
      return partitions.values();
    }
    Rows rows = partitions.get(partition);
    return rows == null ? List.of() : List.of(rows);
  }

  /** Rows of a partition, or of all for {@code ""}, those under the same key each counted. */
  long count(String partition) {
    return rows(partition).stream()
        .flatMap(rows -> rows.byKey.values().stream())
        .mapToLong(List::size)
        .sum();
  }

  /** Distinct keys of a partition, in order. */
  List<Key> keys(String partition) {
    return rows(partition).stream().flatMap(rows -> rows.byKey.keySet().stream()).sorted().toList();
  }

  void insert(String partition, RecordBatch batch) {
    Rows rows =
        rows(partition.isEmpty() && !keyed() ? DEFAULT_PARTITION : partition).iterator().next();
    RecordBatch whole = withKeys(batch);
    for (int row = 0; row < whole.rows(); row++) {
      rows.byKey
          .computeIfAbsent(whole.key(row), key -> new ArrayList<>())
          .add(whole.select(new int[] {row}));
    }
    rows.growing += whole.rows();
  }

  /** With an autoID key, the server makes the keys. */
  private RecordBatch withKeys(RecordBatch batch) {
    List<FieldSpec> all = description.schema().rowFields();
    if (batch.fields().size() == all.size()) {
      return batch;
    }
    List<Column> columns = new ArrayList<>();
    for (FieldSpec field : all) {
      columns.add(field.primaryKey() ? newKeys(batch.rows()) : batch.column(field.name()));
    }
    return new RecordBatch(all, columns, batch.rows());
  }

  private Column newKeys(int rows) {
    long[] keys = new long[rows];
    for (int row = 0; row < rows; row++) {
      keys[row] = ids.getAsLong();
    }
    return new Column.Int64(keys);
  }

  /** Removes all rows with these keys from a partition, or from all for {@code ""}. */
  void delete(String partition, Collection<Key> keys) {
    for (Rows rows : rows(partition)) {
      keys.forEach(rows.byKey::remove);
    }
  }

  /** The first rows of a range in key order, at most {@code limit}; null if there are none. */
  @Nullable RecordBatch page(String partition, KeyRange range, int limit) {
    TreeMap<Key, RecordBatch> first = new TreeMap<>();
    for (Rows rows : rows(partition)) {
      NavigableMap<Key, List<RecordBatch>> tail =
          range.from() == null ? rows.byKey : rows.byKey.tailMap(range.from(), true);
      tail.entrySet().stream()
          .takeWhile(entry -> range.contains(entry.getKey()))
          .limit(limit)
          .forEach(
              entry ->
                  first.put(entry.getKey(), entry.getValue().get(entry.getValue().size() - 1)));
    }
    List<RecordBatch> page = first.values().stream().limit(limit).toList();
    return page.isEmpty() ? null : Columns.concat(page);
  }

  /** Makes a segment of the rows inserted since the last flush, in each partition. */
  void flush() {
    for (Rows rows : partitions.values()) {
      if (rows.growing > 0) {
        segments.add(new SegmentState(ids.getAsLong(), rows.id, rows.growing, "Flushed", 0));
        rows.growing = 0;
      }
    }
  }

  List<SegmentState> segments() {
    return List.copyOf(segments);
  }
}
