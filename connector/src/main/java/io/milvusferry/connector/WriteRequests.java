package io.milvusferry.connector;

import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.UpsertRequest;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.List;

/** Requests that write rows, as messages. */
public final class WriteRequests {
  private WriteRequests() {}

  /**
   * Inserts the rows of a batch, or replaces those with the same keys; the batch must not be larger
   * than the server takes in one message.
   */
  public static UpsertRequest upsert(CollectionName name, String partition, RecordBatch batch) {
    return UpsertRequest.newBuilder()
        .setDbName(name.database())
        .setCollectionName(name.name())
        .setPartitionName(partition)
        .addAllFieldsData(FieldDataWriter.write(batch))
        .setNumRows(batch.rows())
        .build();
  }

  /** Deletes the rows that have these keys, of which there is at least one. */
  public static DeleteRequest delete(
      CollectionName name, String partition, FieldSpec key, List<Key> keys) {
    return DeleteRequest.newBuilder()
        .setDbName(name.database())
        .setCollectionName(name.name())
        .setPartitionName(partition)
        .setExpr(new Literals(key).oneOf(keys))
        .build();
  }
}
