package io.milvusferry.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a collection, in the order of the source.
 *
 * @param enableDynamicField whether rows also carry {@code $meta}, which {@code fields} does not
 *     list
 */
public record CollectionSchema(boolean enableDynamicField, List<FieldSpec> fields) {
  public CollectionSchema {
    fields = List.copyOf(fields);
    if (fields.stream().filter(FieldSpec::primaryKey).count() != 1) {
      throw new IllegalArgumentException("a schema has exactly one primary key: " + fields);
    }
    if (fields.stream().map(FieldSpec::name).distinct().count() != fields.size()) {
      throw new IllegalArgumentException("two fields have the same name: " + fields);
    }
  }

  public FieldSpec primaryKey() {
    return fields.stream().filter(FieldSpec::primaryKey).findFirst().orElseThrow();
  }

  public Optional<FieldSpec> partitionKey() {
    return fields.stream().filter(FieldSpec::partitionKey).findFirst();
  }

  /**
   * What a row carries: all fields but function outputs, then {@code $meta} if there is a dynamic
   * field.
   */
  public List<FieldSpec> rowFields() {
    List<FieldSpec> carried = new ArrayList<>();
    for (FieldSpec field : fields) {
      if (!field.functionOutput()) {
        carried.add(field);
      }
    }
    if (enableDynamicField) {
      carried.add(FieldSpec.dynamic());
    }
    return List.copyOf(carried);
  }

  public Optional<FieldSpec> field(String name) {
    return rowFields().stream().filter(field -> field.name().equals(name)).findFirst();
  }
}
