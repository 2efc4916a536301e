package io.milvusferry.importer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One collection of a {@link MemoryServer}. */
final class MemoryCollection {
  final long id;
  final long created;
  final List<String> partitions = new ArrayList<>();
  final Map<String, IndexSpec> indexes = new TreeMap<>();
  final Map<String, String> properties = new TreeMap<>();
  final Map<String, NavigableMap<Key, List<RecordBatch>>> rows = new TreeMap<>();
  CollectionDescription description;
  boolean loaded;
  private long keys;

  MemoryCollection(long id, CollectionDescription description) {
    this.id = id;
    this.created = id;
    this.description = description;
    if (description.schema().partitionKey().isEmpty()) {
      partitions.add("_default");
    }
  }

  void add(String partition, RecordBatch given) {
    RecordBatch batch = given;
    if (description.schema().primaryKey().autoId()) {
      batch = withNewKeys(given);
    }
    NavigableMap<Key, List<RecordBatch>> in = in(partition);
    for (int row = 0; row < batch.rows(); row++) {
      in.computeIfAbsent(batch.key(row), absent -> new ArrayList<>())
          .add(batch.slice(row, row + 1));
    }
  }

  NavigableMap<Key, List<RecordBatch>> in(String partition) {
    String name =
        partition.isEmpty() && description.schema().partitionKey().isEmpty()
            ? "_default"
            : partition;
    if (!name.isEmpty() && !partitions.contains(name)) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE, "partition not found: " + name, "Look.", null);
    }
    return rows.computeIfAbsent(name, absent -> new TreeMap<>());
  }

  long rows() {
    return rows.values().stream()
        .flatMap(partition -> partition.values().stream())
        .mapToLong(List::size)
        .sum();
  }

  private RecordBatch withNewKeys(RecordBatch given) {
    if (given.fields().stream().anyMatch(FieldSpec::primaryKey)) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE, "autoID is true, remove the key", "Look.", null);
    }
    List<FieldSpec> fields = new ArrayList<>(given.fields());
    List<Column> columns = new ArrayList<>(given.columns());
    long[] made = new long[given.rows()];
    for (int row = 0; row < made.length; row++) {
      made[row] = 1_000_000 + keys++;
    }
    fields.add(0, description.schema().primaryKey());
    columns.add(0, new Column.Int64(made));
    return new RecordBatch(fields, columns, given.rows());
  }
}
