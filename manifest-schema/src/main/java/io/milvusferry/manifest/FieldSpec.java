package io.milvusferry.manifest;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
 * @param members of an array of structs, what each struct has a value of: plain fields of types for
 *     which {@link FieldType#isMember()}, in the order of the source; empty for all other types
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
    boolean functionOutput,
    List<FieldSpec> members) {

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
    members = List.copyOf(members);
    if ((type == FieldType.STRUCT_ARRAY) == members.isEmpty()) {
      throw new IllegalArgumentException("field " + name + ": only structs have members");
    }
    boolean flagged = primaryKey || autoId || partitionKey || clusteringKey || functionOutput;
    if (!members.isEmpty() && (flagged || nullable || defaultValue != null)) {
      throw new IllegalArgumentException("field " + name + ": structs are neither keys nor null");
    }
    requireMembers(name, members);
  }

  /** A field of any type but an array of structs. */
  public FieldSpec(
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
    this(
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
        typeParams,
        description,
        functionOutput,
        List.of());
  }

  private static void requireMembers(String struct, List<FieldSpec> members) {
    if (members.stream().map(FieldSpec::name).distinct().count() != members.size()) {
      throw new IllegalArgumentException("field %s has a member twice".formatted(struct));
    }
    for (FieldSpec member : members) {
      FieldSpec plain =
          of(member.name, member.type, member.typeParams).with(member.id, member.description);
      if (!member.type.isMember() || !member.equals(plain)) {
        throw new IllegalArgumentException(
            "field %s has the member %s, which is more than a plain %s"
                .formatted(struct, member.name, member.type));
      }
    }
  }

  private FieldSpec with(long otherId, String text) {
    return changed(
        draft -> {
          draft.id = otherId;
          draft.description = text;
        });
  }

  /** A plain field without any of the flags. */
  public static FieldSpec of(String name, FieldType type, Map<String, String> typeParams) {
    return new FieldDraft(name, type, null, typeParams).done();
  }

  /** An array field. */
  public static FieldSpec arrayOf(
      String name, FieldType elementType, Map<String, String> typeParams) {
    return new FieldDraft(name, FieldType.ARRAY, elementType, typeParams).done();
  }

  /** An array of structs. */
  public static FieldSpec structsOf(String name, List<FieldSpec> members) {
    FieldDraft draft = new FieldDraft(name, FieldType.STRUCT_ARRAY, null, Map.of());
    draft.members = members;
    return draft.done();
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

  /** This field with another id. */
  public FieldSpec withId(long other) {
    return with(other, description);
  }

  /** This array of structs with other members. */
  public FieldSpec withMembers(List<FieldSpec> other) {
    return changed(draft -> draft.members = other);
  }

  /**
   * This member of an array of structs as servers name it where they mean it alone, as an index
   * does: {@code struct[member]}.
   */
  public FieldSpec inside(FieldSpec struct) {
    FieldDraft draft =
        new FieldDraft("%s[%s]".formatted(struct.name, name), type, elementType, typeParams);
    draft.id = id;
    draft.description = description;
    return draft.done();
  }

  /** Whether this is a member of an array of structs, named by {@link #inside}. */
  public boolean isInside() {
    return name.endsWith("]");
  }

  /** The type with that of the elements or members, such as {@code ARRAY of INT8}. */
  public String typeText() {
    if (!members.isEmpty()) {
      return members.stream()
          .sorted(Comparator.comparing(FieldSpec::name))
          .map(member -> member.name + " " + member.type)
          .collect(Collectors.joining(", ", type + " of (", ")"));
    }
    return elementType == null ? type.name() : "%s of %s".formatted(type, elementType);
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

  private FieldSpec changed(Consumer<FieldDraft> change) {
    FieldDraft draft = new FieldDraft(this);
    change.accept(draft);
    return draft.done();
  }
}
