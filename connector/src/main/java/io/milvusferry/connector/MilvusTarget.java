package io.milvusferry.connector;

import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.ImportRequest;
import io.milvus.grpc.ImportResponse;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A collection of a Milvus server, written through its public calls. */
final class MilvusTarget implements CollectionTarget {
  /**
   * Well below the 64 MiB that a server takes in one request, and small enough for its write
   * buffers.
   */
  private static final int REQUEST_BYTES = 8 << 20;

  private static final int KEYS_PER_DELETE = 1000;
  private static final Duration WRITE_DEADLINE = Duration.ofMinutes(5);

  private final ServerChannel channel;
  private final CollectionName name;
  private final CollectionIndexes indexes;

  MilvusTarget(ServerChannel channel, CollectionName name) {
    this.channel = channel;
    this.name = name;
    this.indexes = new CollectionIndexes(channel, name);
  }

  @Override
  public boolean exists() {
    HasCollectionRequest request =
        HasCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    try {
      return channel
          .call(
              name.database(),
              "HasCollection of " + name,
              stub -> stub.hasCollection(request),
              BoolResponse::getStatus)
          .getValue();
    } catch (FerryException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void create(CollectionDescription description, Map<String, String> properties) {
    CreateCollectionRequest.Builder request =
        CreateCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setSchema(
                SchemaTranslator.toServer(
                        name.name(), description.description(), description.schema())
                    .toByteString())
            .setShardsNum(description.shards())
            .setConsistencyLevel(consistencyLevel(description.consistencyLevel()));
    if (description.partitionCount() > 0) {
      request.setNumPartitions(description.partitionCount());
    }
    properties.forEach((key, value) -> request.addProperties(SchemaTranslator.pair(key, value)));
    channel.once(
        name.database(),
        "CreateCollection of " + name,
        WRITE_DEADLINE,
        stub -> stub.createCollection(request.build()),
        (Status status) -> status);
  }

  @Override
  public void createPartition(String partition) {
    CreatePartitionRequest request =
        CreatePartitionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setPartitionName(partition)
            .build();
    channel.call(
        name.database(),
        "CreatePartition %s of %s".formatted(partition, name),
        stub -> stub.createPartition(request),
        (Status status) -> status);
  }

  @Override
  public void drop() {
    DropCollectionRequest request =
        DropCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    channel.call(
        name.database(),
        "DropCollection of " + name,
        stub -> stub.dropCollection(request),
        (Status status) -> status);
  }

  @Override
  public void rename(String to) {
    RenameCollectionRequest request =
        RenameCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setOldName(name.name())
            .setNewName(to)
            .build();
    channel.once(
        name.database(),
        "RenameCollection of %s to %s".formatted(name, to),
        channel.deadline(),
        stub -> stub.renameCollection(request),
        (Status status) -> status);
  }

  @Override
  public void alterProperties(Map<String, String> properties) {
    AlterCollectionRequest.Builder request =
        AlterCollectionRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name());
    properties.forEach((key, value) -> request.addProperties(SchemaTranslator.pair(key, value)));
    channel.call(
        name.database(),
        "AlterCollection of " + name,
        stub -> stub.alterCollection(request.build()),
        (Status status) -> status);
  }

  @Override
  public void insert(String partition, RecordBatch batch) {
    for (RecordBatch piece : pieces(batch)) {
      InsertRequest request =
          InsertRequest.newBuilder()
              .setDbName(name.database())
              .setCollectionName(name.name())
              .setPartitionName(partition)
              .addAllFieldsData(FieldDataWriter.write(piece))
              .setNumRows(piece.rows())
              .build();
      MutationResult answer =
          channel.once(
              name.database(),
              "Insert into " + name,
              WRITE_DEADLINE,
              stub -> stub.insert(request),
              MutationResult::getStatus);
      requireAll("Insert into ", answer.getInsertCnt(), piece.rows());
    }
  }

  @Override
  public void upsert(String partition, RecordBatch batch) {
    for (RecordBatch piece : pieces(batch)) {
      UpsertRequest request = WriteRequests.upsert(name, partition, piece);
      MutationResult answer =
          channel.once(
              name.database(),
              "Upsert into " + name,
              WRITE_DEADLINE,
              stub -> stub.upsert(request),
              MutationResult::getStatus);
      requireAll("Upsert into ", answer.getUpsertCnt(), piece.rows());
    }
  }

  @Override
  public void delete(String partition, List<Key> keys) {
    FieldSpec key =
        new MilvusSource(channel, name, io.milvusferry.progress.Throttle.NONE)
            .schema()
            .primaryKey();
    for (int from = 0; from < keys.size(); from += KEYS_PER_DELETE) {
      DeleteRequest request =
          WriteRequests.delete(
              name,
              partition,
              key,
              keys.subList(from, Math.min(keys.size(), from + KEYS_PER_DELETE)));
      channel.call(
          name.database(),
          "Delete from " + name,
          stub -> stub.delete(request),
          MutationResult::getStatus);
    }
  }

  @Override
  public long submitImport(String partition, String file) {
    ImportRequest request =
        ImportRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setPartitionName(partition)
            .addFiles(file)
            .build();
    ImportResponse answer =
        channel.onceUnbroken(
            name.database(),
            "Import of %s into %s".formatted(file, name),
            stub -> stub.import_(request),
            ImportResponse::getStatus);
    if (answer.getTasksCount() != 1) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "Import of %s into %s answered %d tasks".formatted(file, name, answer.getTasksCount()),
          "Look at the server's log.",
          null);
    }
    return answer.getTasks(0);
  }

  @Override
  public ImportTask importTask(long id) {
    return new ImportTasks(channel, name.database()).one(id);
  }

  @Override
  public void createIndex(IndexSpec index) {
    indexes.create(index);
  }

  @Override
  public void awaitIndex(IndexSpec index, Duration deadline) {
    indexes.await(index.field(), index.name(), deadline);
  }

  private static ConsistencyLevel consistencyLevel(String level) {
    try {
      return ConsistencyLevel.valueOf(level);
    } catch (IllegalArgumentException e) {
      throw new FerryException(
          ErrorCode.SERVER_INCAPABLE,
          "consistency level '%s' is not known".formatted(level),
          "Use a release that knows it.",
          e);
    }
  }

  private static List<RecordBatch> pieces(RecordBatch batch) {
    long bytesPerRow = Math.max(1, batch.byteSize() / batch.rows());
    int rows = (int) Math.max(1, Math.min(batch.rows(), REQUEST_BYTES / bytesPerRow));
    List<RecordBatch> pieces = new java.util.ArrayList<>();
    for (int from = 0; from < batch.rows(); from += rows) {
      pieces.add(batch.slice(from, Math.min(batch.rows(), from + rows)));
    }
    return pieces;
  }

  private void requireAll(String call, long acknowledged, int sent) {
    if (acknowledged != sent) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "%s%s: %d of %d rows were acknowledged".formatted(call, name, acknowledged, sent),
          "Run the same command again; rows in doubt are looked up by key.",
          null);
    }
  }
}
