package io.milvusferry.gateway.proxy;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvusferry.digest.Digest;
import io.milvusferry.manifest.CollectionName;

/**
 * What the gateway must know of a collection.
 *
 * @param name its own name, even where it was asked for by an alias
 * @param keyField name of the primary key
 * @param numericKey whether keys are int64; else they are varchar
 * @param autoId whether the server makes the keys
 * @param consistency what reads get that ask for the default
 * @param identity another text for another collection: one that was dropped and made again, or
 *     whose fields are others now
 */
record Described(
    CollectionName name,
    String keyField,
    boolean numericKey,
    boolean autoId,
    ConsistencyLevel consistency,
    String identity) {

  /**
   * @throws IllegalArgumentException when there is no primary key
   */
  static Described of(String database, DescribeCollectionResponse answer) {
    FieldSchema key =
        answer.getSchema().getFieldsList().stream()
            .filter(FieldSchema::getIsPrimaryKey)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a collection without primary key"));
    return new Described(
        new CollectionName(database, answer.getSchema().getName()),
        key.getName(),
        key.getDataType() == DataType.Int64,
        key.getAutoID(),
        answer.getConsistencyLevel(),
        identity(answer));
  }

  private static String identity(DescribeCollectionResponse answer) {
    byte[] fields =
        CollectionSchema.newBuilder()
            .addAllFields(answer.getSchema().getFieldsList())
            .setEnableDynamicField(answer.getSchema().getEnableDynamicField())
            .build()
            .toByteArray();
    return "%d %s".formatted(answer.getCollectionID(), Digest.ofContent(fields));
  }
}
