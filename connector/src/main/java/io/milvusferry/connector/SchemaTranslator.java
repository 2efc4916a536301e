package io.milvusferry.connector;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.StructArrayFieldSchema;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.FunctionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
          Map.entry(DataType.Text, FieldType.TEXT),
          Map.entry(DataType.JSON, FieldType.JSON),
          Map.entry(DataType.Geometry, FieldType.GEOMETRY),
          Map.entry(DataType.Timestamptz, FieldType.TIMESTAMPTZ),
          Map.entry(DataType.Array, FieldType.ARRAY),
          Map.entry(DataType.FloatVector, FieldType.FLOAT_VECTOR),
          Map.entry(DataType.BinaryVector, FieldType.BINARY_VECTOR),
          Map.entry(DataType.Float16Vector, FieldType.FLOAT16_VECTOR),
          Map.entry(DataType.BFloat16Vector, FieldType.BFLOAT16_VECTOR),
          Map.entry(DataType.Int8Vector, FieldType.INT8_VECTOR),
          Map.entry(DataType.SparseFloatVector, FieldType.SPARSE_FLOAT_VECTOR));

  /** Bytes of the longest text that any server takes. */
  private static final String LONGEST = "65535";

  private SchemaTranslator() {}

  /**
   * The schema that a server describes.
   *
   * @throws FerryException {@link ErrorCode#TYPE_UNKNOWN} naming the field that this build cannot
   *     carry
   */
  static CollectionSchema fromServer(String collection, io.milvus.grpc.CollectionSchema schema) {
    List<FunctionSpec> functions =
        schema.getFunctionsList().stream()
            .map(f -> FunctionTranslator.from(collection, f))
            .toList();
    Set<String> computed =
        functions.stream().flatMap(f -> f.outputs().stream()).collect(Collectors.toSet());
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSchema field : schema.getFieldsList()) {
      if (!field.getIsDynamic()) {
        fields.add(fromServer(collection, field, computed.contains(field.getName())));
      }
    }
    for (StructArrayFieldSchema struct : schema.getStructArrayFieldsList()) {
      fields.add(StructTranslator.fromServer(collection, struct));
    }
    return new CollectionSchema(schema.getEnableDynamicField(), fields, functions);
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
      if (field.type() == FieldType.STRUCT_ARRAY) {
        builder.addStructArrayFields(StructTranslator.toServer(field));
        continue;
      }
      FieldSchema.Builder translated =
          FieldSchema.newBuilder()
              .setName(field.name())
              .setDescription(field.description())
              .setDataType(dataType(field.type()))
              .setIsPrimaryKey(field.primaryKey())
              .setAutoID(field.autoId())
              .setIsPartitionKey(field.partitionKey())
              .setIsClusteringKey(field.clusteringKey())
              .setNullable(field.nullable())
              .setIsFunctionOutput(field.functionOutput());
      String defaultValue = field.defaultValue();
      if (defaultValue != null) {
        translated.setDefaultValue(DefaultValues.toServer(field, defaultValue));
      }
      FieldType elementType = field.elementType();
      if (elementType != null) {
        translated.setElementType(dataType(elementType));
      }
      field.typeParams().forEach((key, value) -> translated.addTypeParams(pair(key, value)));
      builder.addFields(translated);
    }
    schema.functions().forEach(function -> builder.addFunctions(FunctionTranslator.to(function)));
    return builder.build();
  }

  static DataType dataType(FieldType type) {
    if (type == FieldType.STRUCT_ARRAY) {
      return DataType.ArrayOfStruct;
    }
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

  private static FieldSpec fromServer(String collection, FieldSchema field, boolean computed) {
    FieldType type = type(collection, field.getName(), field.getDataType());
    if (field.getIsFunctionOutput() && !computed) {
      throw unknown(collection, field.getName(), "the output of a function that is not described");
    }
    return new FieldSpec(
        field.getFieldID(),
        field.getName(),
        type,
        type == FieldType.ARRAY ? elementType(collection, field) : null,
        field.getIsPrimaryKey(),
        field.getAutoID(),
        field.getIsPartitionKey(),
        field.getIsClusteringKey(),
        field.getNullable(),
        DefaultValues.fromServer(collection, type, field).orElse(null),
        typeParams(field),
        field.getDescription(),
        computed);
  }

  /** A server that forgets how long the texts of an array may be takes any, and others want one. */
  private static SortedMap<String, String> typeParams(FieldSchema field) {
    SortedMap<String, String> params = map(field.getTypeParamsList());
    if (field.getDataType() == DataType.Array && field.getElementType() == DataType.VarChar) {
      params.putIfAbsent("max_length", LONGEST);
    }
    return params;
  }

  private static FieldType elementType(String collection, FieldSchema field) {
    FieldType type = type(collection, field.getName(), field.getElementType());
    if (!type.isElement()) {
      throw unknown(collection, field.getName(), "an array of " + field.getElementType());
    }
    return type;
  }

  static FieldType type(String collection, String field, DataType type) {
    @Nullable FieldType known = TYPES.get(type);
    if (known == null) {
      throw unknown(collection, field, "of type " + type);
    }
    return known;
  }

  static FerryException unknown(String collection, String field, String what) {
    return new FerryException(
        ErrorCode.TYPE_UNKNOWN,
        "collection %s: field %s is %s, which this build cannot carry"
            .formatted(collection, field, what),
        "Leave the collection out with --skip, or use a release that knows it.",
        null);
  }
}
