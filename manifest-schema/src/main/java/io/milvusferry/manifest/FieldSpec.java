package io.milvusferry.manifest;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
    return new FieldSpec(
        0,
        name,
        type,
        null,
        false,
        false,
        false,
        false,
        false,
        null,
        new TreeMap<>(typeParams),
        "",
        false);
  }

  /** An array field. */
  public static FieldSpec arrayOf(
      String name, FieldType elementType, Map<String, String> typeParams) {
    return new FieldSpec(
        0,
        name,
        FieldType.ARRAY,
        elementType,
        false,
        false,
        false,
        false,
        false,
        null,
        new TreeMap<>(typeParams),
        "",
        false);
  }

  /** The dynamic field as it stands in rows: JSON text, last. */
  public static FieldSpec dynamic() {
    return of(DYNAMIC, FieldType.JSON, Map.of());
  }

  /** This field as the primary key. */
  public FieldSpec asPrimaryKey(boolean generated) {
    return with(true, generated, partitionKey, nullable, defaultValue, functionOutput);
  }

  /** This field as the partition key. */
  public FieldSpec asPartitionKey() {
    return with(primaryKey, autoId, true, nullable, defaultValue, functionOutput);
  }

  /** This field, with or without nulls. */
  public FieldSpec withNulls(boolean allowed) {
    return with(primaryKey, autoId, partitionKey, allowed, defaultValue, functionOutput);
  }

  /** This field with another default value, or none. */
  public FieldSpec withDefault(@Nullable String value) {
    return with(primaryKey, autoId, partitionKey, nullable, value, functionOutput);
  }

  /** This field as a clustering key. */
  public FieldSpec asClusteringKey() {
    return new FieldSpec(
        id,
        name,
        type,
        elementType,
        primaryKey,
        autoId,
        partitionKey,
        true,
        nullable,
        defaultValue,
        typeParams,
        description,
        functionOutput);
  }

  /** This field with other parameters and another description. */
  public FieldSpec withText(SortedMap<String, String> params, String text) {
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
        params,
        text,
        functionOutput);
  }

  /** This field as one that the server computes. */
  public FieldSpec asFunctionOutput() {
    return with(primaryKey, autoId, partitionKey, nullable, defaultValue, true);
  }

  private FieldSpec with(
      boolean key,
      boolean generated,
      boolean partitions,
      boolean nulls,
      @Nullable String value,
      boolean computed) {
    return new FieldSpec(
        id,
        name,
        type,
        elementType,
        key,
        generated,
        partitions,
        clusteringKey,
        nulls,
        value,
        typeParams,
        description,
        computed);
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
}
