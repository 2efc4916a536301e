package io.milvusferry.manifest;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One field of a collection's schema.
 *
 * @param id the source's field id; 0 where the source has none
 * @param elementType the type of an array's elements, null for all other types
 * @param defaultValue the default as the source's protocol prints it, null if there is none
 * @param typeParams parameters such as {@code dim}, {@code max_length}, {@code max_capacity},
 *     sorted by name
 * @param functionOutput computed by the server; neither exported nor imported
 */
public record FieldSpec(
    long id,
    String name,
    FieldType type,
    @Nullable FieldType elementType,
    boolean primaryKey,
    boolean autoId,
    boolean partitionKey,
    boolean clusteringKey,
    boolean nullable,
    @Nullable String defaultValue,
    SortedMap<String, String> typeParams,
    String description,
    boolean functionOutput) {

  /** The name under which rows carry the dynamic field. */
  public static final String DYNAMIC = "$meta";

  public FieldSpec {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a field has no name");
    }
    if ((type == FieldType.ARRAY) != (elementType != null)) {
      throw new IllegalArgumentException("field " + name + ": only arrays have an element type");
    }
    typeParams = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(typeParams));
  }

  /** A plain field without any of the flags. */
  public static FieldSpec of(String name, FieldType type, Map<String, String> typeParams) {
    return new Draft(name, type, null, typeParams).done();
  }

  /** An array field. */
  public static FieldSpec arrayOf(
      String name, FieldType elementType, Map<String, String> typeParams) {
    return new Draft(name, FieldType.ARRAY, elementType, typeParams).done();
  }

  /** The dynamic field as it stands in rows: JSON text, last. */
  public static FieldSpec dynamic() {
    return of(DYNAMIC, FieldType.JSON, Map.of());
  }

  /** This field as the primary key. */
  public FieldSpec asPrimaryKey(boolean generated) {
    return changed(
        draft -> {
          draft.primaryKey = true;
          draft.autoId = generated;
        });
  }

  /** This field as the partition key. */
  public FieldSpec asPartitionKey() {
    return changed(draft -> draft.partitionKey = true);
  }

  /** This field as a clustering key. */
  public FieldSpec asClusteringKey() {
    return changed(draft -> draft.clusteringKey = true);
  }

  /** This field as one that the server computes. */
  public FieldSpec asFunctionOutput() {
    return changed(draft -> draft.functionOutput = true);
  }

  /** This field, with or without nulls. */
  public FieldSpec withNulls(boolean allowed) {
    return changed(draft -> draft.nullable = allowed);
  }

  /** This field with another default value, or none. */
  public FieldSpec withDefault(@Nullable String value) {
    return changed(draft -> draft.defaultValue = value);
  }

  /** This field with other parameters and another description. */
  public FieldSpec withText(SortedMap<String, String> params, String text) {
    return changed(
        draft -> {
          draft.typeParams = params;
          draft.description = text;
        });
  }

  /** The dimension of a dense vector field, as {@code dim} says. */
  public int dimension() {
    return intParam("dim");
  }

  /** Bytes that one value of a dense vector field takes. */
  public int vectorBytes() {
    return type.vectorBytes(dimension());
  }

  /** The greatest length in bytes of a VARCHAR value, or of an array's VARCHAR element. */
  public int maxLength() {
    return intParam("max_length");
  }

  /** The greatest number of elements of an array. */
  public int maxCapacity() {
    return intParam("max_capacity");
  }

  private int intParam(String key) {
    String value = typeParams.get(key);
    if (value == null) {
      throw new IllegalStateException("field " + name + " has no " + key);
    }
    return Integer.parseInt(value);
  }

  private FieldSpec changed(Consumer<Draft> change) {
    Draft draft = new Draft(name, type, elementType, typeParams);
    draft.id = id;
    draft.primaryKey = primaryKey;
    draft.autoId = autoId;
    draft.partitionKey = partitionKey;
    draft.clusteringKey = clusteringKey;
    draft.nullable = nullable;
    draft.defaultValue = defaultValue;
    draft.description = description;
    draft.functionOutput = functionOutput;
    change.accept(draft);
    return draft.done();
  }

  /** A field while it is made or changed; at first a plain one. */
  private static final class Draft {
    private final String name;
    private final FieldType type;
    private final @Nullable FieldType elementType;
    private Map<String, String> typeParams;
    private long id;
    private boolean primaryKey;
    private boolean autoId;
    private boolean partitionKey;
    private boolean clusteringKey;
    private boolean nullable;
    private @Nullable String defaultValue;
    private String description = "";
    private boolean functionOutput;

    Draft(
        String name,
        FieldType type,
        @Nullable FieldType elementType,
        Map<String, String> typeParams) {
      this.name = name;
      this.type = type;
      this.elementType = elementType;
      this.typeParams = typeParams;
    }

    FieldSpec done() {
      return new FieldSpec(
          id,
          name,
          type,
          elementType,
          primaryKey,
          autoId,
          partitionKey,
          clusteringKey,
          nullable,
          defaultValue,
          new TreeMap<>(typeParams),
          description,
          functionOutput);
    }
  }
}
