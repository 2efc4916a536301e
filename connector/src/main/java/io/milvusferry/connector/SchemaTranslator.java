package io.milvusferry.connector;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Schemas in the protocol's words and in ours. Refuses what it cannot keep. */
final class SchemaTranslator {
  private static final Map<DataType, FieldType> TYPES =
      Map.ofEntries(
          Map.entry(DataType.Bool, FieldType.BOOL),
          Map.entry(DataType.Int8, FieldType.INT8),
          Map.entry(DataType.Int16, FieldType.INT16),
          Map.entry(DataType.Int32, FieldType.INT32),
          Map.entry(DataType.Int64, FieldType.INT64),
          Map.entry(DataType.Float, FieldType.FLOAT),
          Map.entry(DataType.Double, FieldType.DOUBLE),
          Map.entry(DataType.VarChar, FieldType.VARCHAR),
          Map.entry(DataType.JSON, FieldType.JSON),
          Map.entry(DataType.Array, FieldType.ARRAY),
          Map.entry(DataType.FloatVector, FieldType.FLOAT_VECTOR),
          Map.entry(DataType.BinaryVector, FieldType.BINARY_VECTOR),
          Map.entry(DataType.Float16Vector, FieldType.FLOAT16_VECTOR));

  private SchemaTranslator() {}

  /**
   * The schema that a server describes.
   *
   * @throws FerryException {@link ErrorCode#TYPE_UNKNOWN} naming the field that this build cannot
   *     carry
   */
  static CollectionSchema fromServer(String collection, io.milvus.grpc.CollectionSchema schema) {
    if (schema.getFunctionsCount() > 0 || schema.getStructArrayFieldsCount() > 0) {
      throw unknown(
          collection,
          schema.getFunctionsCount() > 0
              ? schema.getFunctions(0).getName()
              : schema.getStructArrayFields(0).getName(),
          schema.getFunctionsCount() > 0 ? "a function" : "an array of structs");
    }
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSchema field : schema.getFieldsList()) {
      if (!field.getIsDynamic()) {
        fields.add(fromServer(collection, field));
      }
    }
    return new CollectionSchema(schema.getEnableDynamicField(), fields);
  }

  /**
   * The schema as a request to create {@code collection} carries it.
   *
   * @throws FerryException {@link ErrorCode#TYPE_UNKNOWN} naming the field that this build cannot
   *     carry
   */
  static io.milvus.grpc.CollectionSchema toServer(
      String collection, String description, CollectionSchema schema) {
    io.milvus.grpc.CollectionSchema.Builder builder =
        io.milvus.grpc.CollectionSchema.newBuilder()
            .setName(collection)
            .setDescription(description)
            .setEnableDynamicField(schema.enableDynamicField());
    for (FieldSpec field : schema.fields()) {
      requirePlain(
          collection,
          field.name(),
          field.nullable(),
          field.defaultValue() != null,
          field.functionOutput());
      FieldSchema.Builder translated =
          FieldSchema.newBuilder()
              .setName(field.name())
              .setDescription(field.description())
              .setDataType(dataType(field.type()))
              .setIsPrimaryKey(field.primaryKey())
              .setAutoID(field.autoId())
              .setIsPartitionKey(field.partitionKey())
              .setIsClusteringKey(field.clusteringKey());
      FieldType elementType = field.elementType();
      if (elementType != null) {
        translated.setElementType(dataType(elementType));
      }
      field.typeParams().forEach((key, value) -> translated.addTypeParams(pair(key, value)));
      builder.addFields(translated);
    }
    return builder.build();
  }

  static DataType dataType(FieldType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  static SortedMap<String, String> map(List<KeyValuePair> pairs) {
    SortedMap<String, String> map = new TreeMap<>();
    pairs.forEach(pair -> map.put(pair.getKey(), pair.getValue()));
    return map;
  }

  private static FieldSpec fromServer(String collection, FieldSchema field) {
    requirePlain(
        collection,
        field.getName(),
        field.getNullable(),
        field.hasDefaultValue(),
        field.getIsFunctionOutput());
    FieldType type = type(collection, field.getName(), field.getDataType());
    return new FieldSpec(
        field.getFieldID(),
        field.getName(),
        type,
        type == FieldType.ARRAY ? type(collection, field.getName(), field.getElementType()) : null,
        field.getIsPrimaryKey(),
        field.getAutoID(),
        field.getIsPartitionKey(),
        field.getIsClusteringKey(),
        false,
        null,
        map(field.getTypeParamsList()),
        field.getDescription(),
        false);
  }

  private static void requirePlain(
      String collection, String field, boolean nullable, boolean hasDefault, boolean computed) {
    if (nullable || hasDefault || computed) {
      throw unknown(
          collection,
          field,
          nullable ? "nullable" : hasDefault ? "with a default value" : "the output of a function");
    }
  }

  private static FieldType type(String collection, String field, DataType type) {
    @Nullable FieldType known = TYPES.get(type);
    if (known == null) {
      throw unknown(collection, field, "of type " + type);
    }
    return known;
  }

  private static FerryException unknown(String collection, String field, String what) {
    return new FerryException(
        ErrorCode.TYPE_UNKNOWN,
        "collection %s: field %s is %s, which this build cannot carry"
            .formatted(collection, field, what),
        "Leave the collection out with --skip, or use a release that knows it.",
        null);
  }
}
