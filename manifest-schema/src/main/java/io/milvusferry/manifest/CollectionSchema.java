package io.milvusferry.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The fields of a collection, in the order of the source, arrays of structs last.
 *
 * @param enableDynamicField whether rows also carry {@code $meta}, which {@code fields} does not
 *     list
 * @param functions which compute those fields that are function outputs
 */
public record CollectionSchema(
    boolean enableDynamicField, List<FieldSpec> fields, List<FunctionSpec> functions) {
  /** A schema without functions. */
  public CollectionSchema(boolean enableDynamicField, List<FieldSpec> fields) {
    this(enableDynamicField, fields, List.of());
  }

  public CollectionSchema {
    fields = structsLast(fields);
    functions = List.copyOf(functions);
    if (fields.stream().filter(FieldSpec::primaryKey).count() != 1) {
      throw new IllegalArgumentException("a schema has exactly one primary key: " + fields);
    }
    if (fields.stream().map(FieldSpec::name).distinct().count() != fields.size()) {
      throw new IllegalArgumentException("two fields have the same name: " + fields);
    }
    for (FunctionSpec function : functions) {
      for (String output : function.outputs()) {
        if (fields.stream().noneMatch(f -> f.name().equals(output) && f.functionOutput())) {
          throw new IllegalArgumentException(
              "function %s fills %s, which is no function output"
                  .formatted(function.name(), output));
        }
      }
    }
  }

  private static List<FieldSpec> structsLast(List<FieldSpec> fields) {
    return Stream.of(true, false)
        .flatMap(plain -> fields.stream().filter(f -> f.members().isEmpty() == plain))
        .toList();
  }

  /** The same with other fields. */
  public CollectionSchema withFields(List<FieldSpec> other) {
    return new CollectionSchema(enableDynamicField, other, functions);
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

  /**
   * The row field whose values are searched for in an indexed field: the same one, or what its
   * function reads.
   */
  public FieldSpec searched(String indexed) {
    String held =
        functions.stream()
            .filter(function -> function.outputs().contains(indexed))
            .map(function -> function.inputs().get(0))
            .findFirst()
            .orElse(indexed);
    return field(held)
        .orElseThrow(() -> new IllegalArgumentException("no field " + held + " among " + fields));
  }

  /**
   * What an index may be on: all fields, and the members of arrays of structs as {@link
   * FieldSpec#inside} names them.
   */
  public List<FieldSpec> indexable() {
    return fields.stream()
        .flatMap(
            field ->
                Stream.concat(
                    Stream.of(field), field.members().stream().map(member -> member.inside(field))))
        .toList();
  }

  public Optional<FieldSpec> field(String name) {
    return rowFields().stream().filter(field -> field.name().equals(name)).findFirst();
  }
}
