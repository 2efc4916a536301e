package io.milvusferry.manifest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A field while it is made or changed; at first a plain one. */
final class FieldDraft {
  private final String name;
  private final FieldType type;
  private final @Nullable FieldType elementType;
  Map<String, String> typeParams;
  long id;
  boolean primaryKey;
  boolean autoId;
  boolean partitionKey;
  boolean clusteringKey;
  boolean nullable;
  @Nullable String defaultValue;
  String description = "";
  boolean functionOutput;
  List<FieldSpec> members = List.of();

  FieldDraft(
      String name,
      FieldType type,
      @Nullable FieldType elementType,
      Map<String, String> typeParams) {
    this.name = name;
    this.type = type;
    this.elementType = elementType;
    this.typeParams = typeParams;
  }

  /** What the field is already. */
  FieldDraft(FieldSpec field) {
    this(field.name(), field.type(), field.elementType(), field.typeParams());
    id = field.id();
    primaryKey = field.primaryKey();
    autoId = field.autoId();
    partitionKey = field.partitionKey();
    clusteringKey = field.clusteringKey();
    nullable = field.nullable();
    defaultValue = field.defaultValue();
    description = field.description();
    functionOutput = field.functionOutput();
    members = field.members();
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
        functionOutput,
        members);
  }
}
