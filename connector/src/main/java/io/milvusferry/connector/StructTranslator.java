package io.milvusferry.connector;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.StructArrayFieldSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Arrays of structs in the protocol's words and in ours. In the protocol each member is an array by
 * itself, of scalars or of vectors.
 */
final class StructTranslator {
  private StructTranslator() {}

  /**
   * The array of structs that a server describes.
   *
   * @throws io.milvusferry.error.FerryException {@code TYPE_UNKNOWN} naming the field, where it or
   *     a member is more than plain values
   */
  static FieldSpec fromServer(String collection, StructArrayFieldSchema struct) {
    String name = struct.getName();
    if (!struct.getUnknownFields().asMap().isEmpty()) {
      throw SchemaTranslator.unknown(collection, name, "an array of structs with further settings");
    }
    if (struct.getFieldsCount() == 0) {
      throw SchemaTranslator.unknown(collection, name, "an array of structs without members");
    }
    List<FieldSpec> members = new ArrayList<>();
    for (FieldSchema member : struct.getFieldsList()) {
      members.add(member(collection, name, member));
    }
    return FieldSpec.structsOf(name, members)
        .withId(struct.getFieldID())
        .withText(SchemaTranslator.map(struct.getTypeParamsList()), struct.getDescription());
  }

  private static FieldSpec member(String collection, String struct, FieldSchema member) {
    String name = memberName(struct, member.getName());
    String place = "%s[%s]".formatted(struct, name);
    DataType array = member.getDataType();
    if (array != DataType.Array && array != DataType.ArrayOfVector) {
      throw SchemaTranslator.unknown(collection, place, "of type " + array + " inside of a struct");
    }
    FieldType type = SchemaTranslator.type(collection, place, member.getElementType());
    boolean known = array == DataType.Array ? type.isElement() : type.isDenseVector();
    if (!known) {
      throw SchemaTranslator.unknown(
          collection, place, "%s of %s inside of a struct".formatted(array, type));
    }
    boolean flagged =
        member.getIsPrimaryKey()
            || member.getAutoID()
            || member.getIsPartitionKey()
            || member.getIsClusteringKey()
            || member.getIsFunctionOutput()
            || member.getIsDynamic();
    boolean more = member.hasDefaultValue() || !member.getUnknownFields().asMap().isEmpty();
    if (flagged || more || member.getNullable()) {
      throw SchemaTranslator.unknown(
          collection, place, "a member of a struct that may be null, or is more than a value");
    }
    SortedMap<String, String> params = SchemaTranslator.map(member.getTypeParamsList());
    return FieldSpec.of(name, type, params)
        .withId(member.getFieldID())
        .withText(params, member.getDescription());
  }

  /** Servers keep members by names such as {@code struct[member]}, which some of them show. */
  static String memberName(String struct, String name) {
    return name.startsWith(struct + "[") && name.endsWith("]")
        ? name.substring(struct.length() + 1, name.length() - 1)
        : name;
  }

  /** The array of structs as a request to create a collection carries it. */
  static StructArrayFieldSchema toServer(FieldSpec field) {
    StructArrayFieldSchema.Builder struct =
        StructArrayFieldSchema.newBuilder()
            .setName(field.name())
            .setDescription(field.description());
    field
        .typeParams()
        .forEach((key, value) -> struct.addTypeParams(SchemaTranslator.pair(key, value)));
    for (FieldSpec member : field.members()) {
      FieldSchema.Builder translated =
          FieldSchema.newBuilder()
              .setName(member.name())
              .setDescription(member.description())
              .setDataType(arrayType(member))
              .setElementType(SchemaTranslator.dataType(member.type()));
      member
          .typeParams()
          .forEach((key, value) -> translated.addTypeParams(SchemaTranslator.pair(key, value)));
      struct.addFields(translated);
    }
    return struct.build();
  }

  /** What a member is in the protocol. */
  static DataType arrayType(FieldSpec member) {
    return member.type().isDenseVector() ? DataType.ArrayOfVector : DataType.Array;
  }
}
