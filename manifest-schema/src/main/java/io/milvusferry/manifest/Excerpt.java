package io.milvusferry.manifest;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A choice of rows and fields of a collection.
 *
 * @param partitions names of the partitions whose rows are taken; empty for all
 * @param fields names of the fields that are taken, {@code $meta} for the dynamic one; empty for
 *     all. The primary key and the partition key are taken always.
 * @param where a filter that rows must match, in Milvus' grammar; empty for none
 * @param limit rows at most, the first by partition and key
 */
public record Excerpt(List<String> partitions, List<String> fields, String where, long limit) {
  /** The whole collection. */
  public static final Excerpt ALL = new Excerpt(List.of(), List.of(), "", Long.MAX_VALUE);

  public Excerpt {
    partitions = List.copyOf(partitions);
    fields = List.copyOf(fields);
    if (limit < 0) {
      throw new IllegalArgumentException("a limit of %d rows".formatted(limit));
    }
  }

  public boolean isAll() {
    return equals(ALL);
  }

  /** Whether no row at all is taken, so that the collection need not be readable. */
  public boolean schemaOnly() {
    return limit == 0;
  }

  /**
   * The part of a schema that is taken, with those functions whose fields all are.
   *
   * @param collection for messages
   * @throws FerryException {@link ErrorCode#FIELD_NOT_FOUND} where a field is not there
   */
  public CollectionSchema of(CollectionName collection, CollectionSchema whole) {
    if (fields.isEmpty()) {
      return whole;
    }
    List<String> there = whole.fields().stream().map(FieldSpec::name).collect(Collectors.toList());
    if (whole.enableDynamicField()) {
      there.add(FieldSpec.DYNAMIC);
    }
    requireAll(ErrorCode.FIELD_NOT_FOUND, "field", collection, fields, there);
    List<FunctionSpec> functions =
        whole.functions().stream()
            .filter(f -> fields.containsAll(f.inputs()) && fields.containsAll(f.outputs()))
            .toList();
    List<FieldSpec> taken =
        whole.fields().stream()
            .filter(f -> f.primaryKey() || f.partitionKey() || fields.contains(f.name()))
            .filter(f -> !f.functionOutput() || isFilled(f, functions))
            .toList();
    return new CollectionSchema(fields.contains(FieldSpec.DYNAMIC), taken, functions);
  }

  private static boolean isFilled(FieldSpec field, List<FunctionSpec> functions) {
    return functions.stream().anyMatch(f -> f.outputs().contains(field.name()));
  }

  /**
   * The description of a collection that holds the excerpt alone.
   *
   * @throws FerryException {@link ErrorCode#FIELD_NOT_FOUND} or {@link
   *     ErrorCode#PARTITION_NOT_FOUND} where a field or a partition is not there
   */
  public CollectionDescription of(CollectionDescription whole) {
    CollectionSchema schema = of(whole.name(), whole.schema());
    List<IndexSpec> indexes =
        whole.indexes().stream()
            .filter(i -> schema.indexable().stream().anyMatch(f -> f.name().equals(i.field())))
            .toList();
    CollectionDescription taken = whole.withSchema(schema).withIndexes(indexes);
    if (partitions.isEmpty()) {
      return taken;
    }
    requireAll(
        ErrorCode.PARTITION_NOT_FOUND, "partition", whole.name(), partitions, whole.partitions());
    return taken.withPartitions(whole.partitions().stream().filter(partitions::contains).toList());
  }

  private static void requireAll(
      ErrorCode code,
      String what,
      CollectionName collection,
      List<String> wanted,
      List<String> there) {
    for (String name : wanted) {
      if (!there.contains(name)) {
        throw new FerryException(
            code,
            "collection %s has no %s %s".formatted(collection, what, name),
            there.isEmpty()
                ? "Its partitions are made by a partition key and cannot be chosen; use --where."
                : "It has these: %s.".formatted(String.join(", ", there)),
            null);
      }
    }
  }

  /** Such as {@code partitions a, b; where price > 3; at most 100 rows}. */
  @Override
  public String toString() {
    return List.of(
            partitions.isEmpty() ? "" : "partitions " + String.join(", ", partitions),
            fields.isEmpty() ? "" : "fields " + String.join(", ", fields),
            where.isEmpty() ? "" : "where " + where,
            limit == Long.MAX_VALUE
                ? ""
                : limit == 0 ? "no rows" : "at most %d rows".formatted(limit))
        .stream()
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }
}
