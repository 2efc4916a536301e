package io.milvusferry.testkit;

import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The writing side of a collection of a {@link FakeMilvus}. */
final class FakeTarget implements CollectionTarget {
  private static final long FIRST_FIELD_ID = 100;
  private static final int PARTITIONS_FOR_A_KEY = 64;

  private final FakeMilvus server;
  private final CollectionName name;

  FakeTarget(FakeMilvus server, CollectionName name) {
    this.server = server;
    this.name = name;
  }

  @Override
  public boolean exists() {
    return server.call(FakeCall.DESCRIBE, () -> server.has(name));
  }

  @Override
  public void create(CollectionDescription description, Map<String, String> properties) {
    server.call(
        FakeCall.CREATE,
        () -> {
          server.rules().checkCollection(description);
          server.rules().checkProperties(properties);
          server.add(server.rules().made(created(description, properties)));
          return true;
        });
  }

  /** What the server makes of a request: field ids, one partition, no index, not loaded. */
  private CollectionDescription created(
      CollectionDescription wanted, Map<String, String> properties) {
    boolean keyed = wanted.schema().partitionKey().isPresent();
    return new CollectionDescription(
        name,
        wanted.description(),
        numbered(wanted.schema()),
        List.of(),
        keyed ? List.of() : List.of(FakeCollection.DEFAULT_PARTITION),
        keyed ? (wanted.partitionCount() > 0 ? wanted.partitionCount() : PARTITIONS_FOR_A_KEY) : 0,
        List.of(),
        new TreeMap<>(properties),
        Math.max(1, wanted.shards()),
        wanted.consistencyLevel(),
        LoadState.NOT_LOADED,
        0,
        List.of());
  }

  private static CollectionSchema numbered(CollectionSchema schema) {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      fields.add(field.withId(FIRST_FIELD_ID + fields.size()));
    }
    return schema.withFields(fields);
  }

  @Override
  public void createPartition(String partition) {
    change(
        FakeCall.CREATE_PARTITION,
        collection -> {
          FakeMilvus.require(server.capabilities().partitions(), "partitions");
          if (collection.keyed()) {
            throw refused("a partition key rules out partitions of one's own");
          }
          if (!collection.hasPartition(partition)) {
            collection.addPartition(partition);
          }
        });
  }

  @Override
  public void drop() {
    server.call(
        FakeCall.DROP,
        () -> {
          server.remove(name);
          return true;
        });
  }

  @Override
  public void rename(String to) {
    server.call(
        FakeCall.RENAME,
        () -> {
          server.rename(name, to);
          return true;
        });
  }

  @Override
  public void alterProperties(Map<String, String> properties) {
    change(
        FakeCall.ALTER,
        collection -> {
          server.rules().checkProperties(properties);
          CollectionDescription old = collection.description();
          collection.describe(
              new CollectionDescription(
                  old.name(),
                  old.description(),
                  old.schema(),
                  old.indexes(),
                  old.partitions(),
                  old.partitionCount(),
                  old.aliases(),
                  FakeMilvus.merged(old.properties(), properties),
                  old.shards(),
                  old.consistencyLevel(),
                  old.loadState(),
                  old.replicas(),
                  old.resourceGroups()));
        });
  }

  @Override
  public void insert(String partition, RecordBatch batch) {
    boolean probe = name.name().startsWith("ferry_probe_");
    change(
        probe ? FakeCall.INSERT_PROBE : FakeCall.INSERT,
        collection -> {
          check(collection, partition, batch);
          server.rules().checkRows(collection.description().schema());
          collection.insert(partition, server.rules().kept(batch));
        });
  }

  @Override
  public void upsert(String partition, RecordBatch batch) {
    change(
        FakeCall.UPSERT,
        collection -> {
          FakeMilvus.require(server.capabilities().upsert(), "upsert");
          check(collection, partition, batch);
          collection.delete(
              partition.isEmpty() && !collection.keyed()
                  ? FakeCollection.DEFAULT_PARTITION
                  : partition,
              IntStream.range(0, batch.rows()).mapToObj(batch::key).toList());
          collection.insert(partition, batch);
        });
  }

  /** Servers take exactly the fields of a row, without a key that they make themselves. */
  private void check(FakeCollection collection, String partition, RecordBatch batch) {
    checkPartition(collection, partition);
    List<FieldSpec> wanted =
        collection.description().schema().rowFields().stream()
            .filter(field -> !field.autoId())
            .toList();
    List<String> names = wanted.stream().map(FieldSpec::name).toList();
    List<String> given = batch.fields().stream().map(FieldSpec::name).toList();
    if (!names.equals(given)) {
      throw refused("fields are %s, not %s".formatted(given, names));
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i).type() != batch.fields().get(i).type()) {
        throw refused("field %s has another type".formatted(names.get(i)));
      }
    }
  }

  private void checkPartition(FakeCollection collection, String partition) {
    if (!partition.isEmpty() && !collection.hasPartition(partition)) {
      throw refused("there is no partition " + partition);
    }
  }

  @Override
  public void delete(String partition, List<Key> keys) {
    change(
        FakeCall.DELETE,
        collection -> {
          checkPartition(collection, partition);
          collection.delete(partition, keys);
        });
  }

  @Override
  public long submitImport(String partition, String file) {
    return server.call(
        FakeCall.SUBMIT_IMPORT,
        () -> {
          checkPartition(server.collection(name), partition);
          return server.submitImport(name, partition, file);
        });
  }

  @Override
  public ImportTask importTask(long id) {
    return server.call(
        FakeCall.IMPORT_TASK,
        () -> server.importTask(id).orElseThrow(() -> refused("there is no task " + id)));
  }

  @Override
  public void createIndex(IndexSpec index) {
    change(
        FakeCall.CREATE_INDEX,
        collection -> {
          server.rules().checkIndex(index);
          List<IndexSpec> indexes = new ArrayList<>(collection.description().indexes());
          indexes.removeIf(other -> other.name().equals(index.name()));
          indexes.add(index);
          collection.describe(collection.description().withIndexes(indexes));
        });
  }

  @Override
  public void awaitIndex(IndexSpec index, Duration deadline) {
    boolean there =
        server.collection(name).description().indexes().stream()
            .anyMatch(other -> other.name().equals(index.name()));
    if (!there) {
      throw new FerryException(
          ErrorCode.SERVER_TIMEOUT,
          "%s has no index %s".formatted(name, index.name()),
          "Create the index first.",
          null);
    }
  }

  private FerryException refused(String why) {
    return new FerryException(
        ErrorCode.SERVER_REFUSED, "%s: %s".formatted(name, why), "Mend the request.", null);
  }

  private void change(FakeCall call, Consumer<FakeCollection> change) {
    server.call(
        call,
        () -> {
          change.accept(server.collection(name));
          return true;
        });
  }
}
