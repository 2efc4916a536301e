package io.milvusferry.importer;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The reading side of a {@link MemoryServer}. */
final class MemorySource implements CollectionSource {
  private final MemoryServer server;
  private final CollectionName name;

  MemorySource(MemoryServer server, CollectionName name) {
    this.server = server;
    this.name = name;
  }

  @Override
  public CollectionDescription describe() {
    MemoryCollection collection = collection();
    CollectionDescription made = collection.description;
    List<String> aliases =
        server.aliases.entrySet().stream()
            .filter(alias -> alias.getValue().equals(name))
            .map(alias -> alias.getKey().name())
            .toList();
    return new CollectionDescription(
        name,
        made.description(),
        made.schema(),
        List.copyOf(collection.indexes.values()),
        collection.partitions,
        made.partitionCount(),
        aliases,
        new TreeMap<>(collection.properties),
        made.shards(),
        made.consistencyLevel(),
        loadState(),
        collection.loaded ? 1 : 0,
        List.of());
  }

  @Override
  public Map<String, byte[]> rawDescriptions() {
    return Map.of();
  }

  @Override
  public CollectionIdentity identity() {
    MemoryCollection collection = collection();
    return new CollectionIdentity(
        collection.id,
        collection.created,
        Digest.ofContent(
            collection.description.schema().toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public LoadState loadState() {
    return collection().loaded ? LoadState.LOADED : LoadState.NOT_LOADED;
  }

  @Override
  public Optional<Long> count() {
    requireLoaded();
    return Optional.of(collection().rows());
  }

  @Override
  public Optional<Long> count(String partition) {
    requireLoaded();
    return Optional.of(collection().in(partition).values().stream().mapToLong(List::size).sum());
  }

  @Override
  public Optional<List<SegmentState>> segments() {
    return Optional.of(
        collection().rows() == 0
            ? List.of()
            : List.of(new SegmentState(1, 1, collection().rows(), "Flushed")));
  }

  @Override
  public Optional<Long> timestamp() {
    return Optional.of(server.nextId());
  }

  @Override
  public void flush(Duration deadline) {
    collection();
  }

  @Override
  public void load(int replicas, Duration deadline) {
    if (collection().indexes.isEmpty()) {
      throw new FerryException(ErrorCode.COLLECTION_NOT_INDEXED, "no index", "Look.", null);
    }
    collection().loaded = true;
  }

  @Override
  public void release() {
    collection().loaded = false;
  }

  @Override
  public void createTemporaryIndex(String indexName, Duration deadline) {
    collection()
        .indexes
        .put(indexName, new IndexSpec("vector", indexName, "FLAT", "L2", new TreeMap<>()));
  }

  @Override
  public void dropIndex(String indexName) {
    if (collection().loaded) {
      throw new IllegalStateException("loaded: " + name);
    }
    if (collection().indexes.remove(indexName) == null) {
      throw new IllegalStateException("no index " + indexName);
    }
  }

  @Override
  public CollectionSource throttled(Throttle throttle) {
    return this;
  }

  @Override
  public CollectionSchema schema() {
    return collection().description.schema();
  }

  @Override
  public List<String> partitions() {
    return schema().partitionKey().isPresent() ? List.of("") : List.copyOf(collection().partitions);
  }

  @Override
  public List<Slice> slices(int wanted) {
    return partitions().stream().map(partition -> new Slice(partition, KeyRange.ALL)).toList();
  }

  @Override
  public BatchCursor scan(Slice slice, Set<String> fields) {
    requireLoaded();
    List<RecordBatch> found = new ArrayList<>();
    collection()
        .in(slice.partition())
        .forEach(
            (key, rows) -> {
              if (slice.range().contains(key)) {
                found.add(rows.get(0));
              }
            });
    return new ListCursor(found, 1);
  }

  private void requireLoaded() {
    if (!collection().loaded) {
      throw new FerryException(ErrorCode.COLLECTION_NOT_LOADED, "not loaded", "Load.", null);
    }
  }

  private MemoryCollection collection() {
    return server.collection(name);
  }
}
