package io.milvusferry.testkit;

import io.milvusferry.connector.CollectionIdentity;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.SegmentLedger;
import io.milvusferry.connector.SegmentState;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
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
import org.jspecify.annotations.Nullable;

/** The reading side of a collection of a {@link FakeMilvus}. */
final class FakeSource implements CollectionSource {
  private final FakeMilvus server;
  private final CollectionName name;
  private final Throttle throttle;

  FakeSource(FakeMilvus server, CollectionName name, Throttle throttle) {
    this.server = server;
    this.name = name;
    this.throttle = throttle;
  }

  @Override
  public CollectionSchema schema() {
    return server.collection(name).description().schema();
  }

  @Override
  public CollectionDescription describe() {
    return server.call(
        FakeCall.DESCRIBE,
        () -> {
          FakeCollection collection = server.collection(name);
          CollectionDescription known = collection.description();
          return known
              .withName(name)
              .withPartitions(collection.keyed() ? List.of() : collection.partitionNames())
              .withAliases(server.aliasesOf(known.name()));
        });
  }

  @Override
  public List<String> aliases() {
    return describe().aliases();
  }

  @Override
  public Map<String, byte[]> rawDescriptions() {
    return Map.of(
        "collection", describe().toString().getBytes(StandardCharsets.UTF_8),
        "indexes", describe().indexes().toString().getBytes(StandardCharsets.UTF_8),
        "partitions", describe().partitions().toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public CollectionIdentity identity() {
    return server.call(FakeCall.DESCRIBE, () -> server.collection(name).identity());
  }

  @Override
  public LoadState loadState() {
    return server.collection(name).description().loadState();
  }

  @Override
  public Optional<Long> count() {
    return count("");
  }

  @Override
  public Optional<Long> count(String partition) {
    return server.call(FakeCall.COUNT, () -> Optional.of(loaded(partition).count(partition)));
  }

  @Override
  public Optional<List<SegmentState>> segments() {
    return server.call(
        FakeCall.SEGMENTS,
        () ->
            server.capabilities().segments()
                ? Optional.of(server.collection(name).segments())
                : Optional.empty());
  }

  @Override
  public Optional<SegmentLedger> ledger() {
    return Optional.empty();
  }

  @Override
  public Optional<Long> timestamp() {
    return server.capabilities().timestamps()
        ? Optional.of(server.nextTimestamp())
        : Optional.empty();
  }

  @Override
  public void flush(Duration deadline) {
    change(FakeCall.FLUSH, FakeCollection::flush);
  }

  @Override
  public void load(int replicas, Duration deadline) {
    change(
        FakeCall.LOAD,
        collection -> {
          if (!collection.vectorsIndexed()) {
            throw new FerryException(
                ErrorCode.COLLECTION_NOT_INDEXED,
                "there is no vector index on %s".formatted(name),
                "Add --temporary-index, or index the collection.",
                null);
          }
          collection.describe(
              collection.description().withLoadState(LoadState.LOADED, Math.max(1, replicas)));
        });
  }

  @Override
  public void release() {
    change(
        FakeCall.RELEASE,
        collection ->
            collection.describe(collection.description().withLoadState(LoadState.NOT_LOADED, 0)));
  }

  @Override
  public void createTemporaryIndexes(String prefix, Duration deadline) {
    List<FieldSpec> vectors = describe().vectorsWithoutIndex();
    for (FieldSpec vector : vectors) {
      String index = vectors.size() == 1 ? prefix : prefix + "_" + vector.name();
      server
          .target(name)
          .createIndex(new IndexSpec(vector.name(), index, "FLAT", "L2", new TreeMap<>()));
    }
  }

  @Override
  public void dropIndexes(String prefix) {
    change(
        FakeCall.DROP_INDEX,
        collection ->
            collection.describe(
                collection
                    .description()
                    .withIndexes(
                        collection.description().indexes().stream()
                            .filter(index -> !index.name().startsWith(prefix))
                            .toList())));
  }

  @Override
  public long estimatedBytes() {
    long rows = count().orElseThrow();
    for (Slice slice : rows == 0 ? List.<Slice>of() : slices(1)) {
      try (BatchCursor cursor = scan(slice, Set.of())) {
        RecordBatch batch = cursor.next();
        if (batch != null) {
          return rows * Math.max(1, batch.byteSize() / batch.rows());
        }
      }
    }
    return 0;
  }

  /** A server in memory always shows everything. */
  @Override
  public CollectionSource seeing(long timestamp) {
    return this;
  }

  @Override
  public Excerpt excerpt() {
    return Excerpt.ALL;
  }

  @Override
  public CollectionSource only(Excerpt excerpt) {
    return excerpt.isAll() ? this : new FakeExcerpt(this, excerpt);
  }

  @Override
  public CollectionSource throttled(Throttle other) {
    return new FakeSource(server, name, other);
  }

  @Override
  public List<String> partitions() {
    return server.call(FakeCall.DESCRIBE, () -> server.collection(name).partitionNames());
  }

  @Override
  public List<Slice> slices(int wanted) {
    return server.call(
        FakeCall.SLICES,
        () -> {
          List<Slice> slices = new ArrayList<>();
          for (String partition : server.collection(name).partitionNames()) {
            List<Key> keys = loaded(partition).keys(partition);
            int step = Math.max(1, keys.size() / Math.max(1, wanted));
            Key from = null;
            for (int at = step; at + step <= keys.size(); at += step) {
              slices.add(new Slice(partition, new KeyRange(from, keys.get(at))));
              from = keys.get(at);
            }
            slices.add(new Slice(partition, new KeyRange(from, null)));
          }
          return slices;
        });
  }

  @Override
  public List<List<Key>> search(IndexSpec index, RecordBatch batch, int limit) {
    return server.call(FakeCall.SEARCH, () -> FakeSearch.nearest(loaded(""), index, batch, limit));
  }

  @Override
  public List<RecordBatch> rows(String partition, List<Key> keys) {
    Set<Key> wanted = Set.copyOf(keys);
    List<RecordBatch> found = new ArrayList<>();
    try (BatchCursor cursor = scan(new Slice(partition, KeyRange.ALL), Set.of())) {
      for (RecordBatch page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          if (wanted.contains(page.key(row))) {
            found.add(page.slice(row, row + 1));
          }
        }
      }
    }
    return found;
  }

  @Override
  public BatchCursor scan(Slice slice, Set<String> fields) {
    return new BatchCursor() {
      private @Nullable Key last;

      @Override
      public @Nullable RecordBatch next() {
        RecordBatch page =
            server.call(
                FakeCall.PAGE,
                () ->
                    loaded(slice.partition())
                        .page(slice.partition(), slice.range().after(last), server.pageRows()));
        if (page == null) {
          return null;
        }
        last = page.key(page.rows() - 1);
        RecordBatch carried = carried(page, fields);
        pause(carried.byteSize());
        return carried;
      }

      @Override
      public void close() {
        last = null;
      }
    };
  }

  private void pause(long bytes) {
    try {
      throttle.acquire(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED, "reading was stopped", "Run the same command again.", e);
    }
  }

  private static RecordBatch carried(RecordBatch page, Set<String> fields) {
    if (fields.isEmpty()) {
      return page;
    }
    List<FieldSpec> specs =
        page.fields().stream()
            .filter(field -> field.primaryKey() || fields.contains(field.name()))
            .toList();
    List<Column> columns = specs.stream().map(field -> page.column(field.name())).toList();
    return new RecordBatch(specs, columns, page.rows());
  }

  private FakeCollection loaded(String partition) {
    FakeCollection collection = server.collection(name);
    if (!collection.loaded()) {
      throw new FerryException(
          ErrorCode.COLLECTION_NOT_LOADED,
          "collection %s is not loaded".formatted(name),
          "Add --load, or load the collection.",
          null);
    }
    if (!partition.isEmpty() && !collection.hasPartition(partition)) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "collection %s has no partition %s".formatted(name, partition),
          "Check the name of the partition.",
          null);
    }
    return collection;
  }

  private void change(FakeCall call, java.util.function.Consumer<FakeCollection> change) {
    server.call(
        call,
        () -> {
          change.accept(server.collection(name));
          return true;
        });
  }
}
