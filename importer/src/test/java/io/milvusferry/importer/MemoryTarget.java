package io.milvusferry.importer;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The writing side of a {@link MemoryServer}. */
final class MemoryTarget implements CollectionTarget {
  private final MemoryServer server;
  private final CollectionName name;

  MemoryTarget(MemoryServer server, CollectionName name) {
    this.server = server;
    this.name = name;
  }

  @Override
  public boolean exists() {
    return server.collections.containsKey(server.aliases.getOrDefault(name, name));
  }

  @Override
  public void create(CollectionDescription description, Map<String, String> properties) {
    if (exists()) {
      throw new IllegalStateException("exists: " + name);
    }
    if (!server.databases.contains(name.database())) {
      throw new IllegalStateException("no database: " + name.database());
    }
    MemoryCollection made = new MemoryCollection(server.nextId(), description);
    made.properties.putAll(properties);
    server.collections.put(name, made);
  }

  @Override
  public void createPartition(String partition) {
    if (collection().partitions.contains(partition)) {
      throw new IllegalStateException("exists: " + partition);
    }
    collection().partitions.add(partition);
  }

  @Override
  public void drop() {
    server.collections.remove(name);
    server.aliases.values().removeIf(name::equals);
  }

  @Override
  public void alterProperties(Map<String, String> properties) {
    collection().properties.putAll(properties);
  }

  @Override
  public void insert(String partition, RecordBatch batch) {
    Optional<MemoryServer.Fault> fault = Optional.ofNullable(server.insertFaults.poll());
    if (fault.isEmpty() || fault.get() == MemoryServer.Fault.ANSWER_LOST) {
      collection().add(partition, batch);
    }
    if (fault.isPresent()) {
      throw MemoryServer.failure(fault.get());
    }
  }

  @Override
  public void upsert(String partition, RecordBatch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      collection().in(partition).remove(batch.key(row));
    }
    collection().add(partition, batch);
  }

  @Override
  public void delete(String partition, List<Key> keys) {
    keys.forEach(collection().in(partition)::remove);
  }

  @Override
  public long submitImport(String partition, String file) {
    return server.submit(name, partition, file);
  }

  @Override
  public ImportTask importTask(long id) {
    return server.task(id);
  }

  @Override
  public void createIndex(IndexSpec index) {
    if (collection().indexes.putIfAbsent(index.name(), index) != null) {
      throw new IllegalStateException("exists: " + index);
    }
  }

  @Override
  public void awaitIndex(IndexSpec index, Duration deadline) {
    if (!collection().indexes.containsKey(index.name())) {
      throw new IllegalStateException("no index: " + index);
    }
  }

  private MemoryCollection collection() {
    return server.collection(name);
  }
}
