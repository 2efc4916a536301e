package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.StructArrayFieldSchema;
import io.milvus.grpc.ValueField;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StructTranslatorTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec CLIPS =
      FieldSpec.structsOf(
              "clips",
              List.of(
                  FieldSpec.of(
                          "word", FieldType.VARCHAR, Map.of("max_length", "9", "max_capacity", "4"))
                      .withText(
                          new TreeMap<>(Map.of("max_length", "9", "max_capacity", "4")), "spoken"),
                  FieldSpec.of(
                      "v", FieldType.FLOAT_VECTOR, Map.of("dim", "4", "max_capacity", "4"))))
          .withText(new TreeMap<>(Map.of("mmap.enabled", "true")), "scenes of a film");

  @Test
  void arraysOfStructsComeBackAsTheyWent() {
    CollectionSchema schema = new CollectionSchema(true, List.of(KEY, CLIPS));

    assertThat(SchemaTranslator.fromServer("a", SchemaTranslator.toServer("a", "", schema)))
        .isEqualTo(schema);
  }

  @Test
  void eachMemberIsAnArrayInTheProtocolApartFromTheFields() {
    io.milvus.grpc.CollectionSchema server =
        SchemaTranslator.toServer("a", "", new CollectionSchema(false, List.of(KEY, CLIPS)));

    assertThat(server.getFieldsList()).extracting(FieldSchema::getName).containsExactly("id");
    StructArrayFieldSchema clips = server.getStructArrayFields(0);
    assertThat(clips.getName()).isEqualTo("clips");
    assertThat(clips.getFieldsList())
        .extracting(FieldSchema::getName, FieldSchema::getDataType, FieldSchema::getElementType)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("word", DataType.Array, DataType.VarChar),
            org.assertj.core.groups.Tuple.tuple("v", DataType.ArrayOfVector, DataType.FloatVector));
    assertThat(clips.getFields(1).getTypeParamsList())
        .extracting(io.milvus.grpc.KeyValuePair::getKey)
        .containsExactly("dim", "max_capacity");
  }

  @Test
  void idsAreKeptAndMembersLoseTheNameOfTheirStruct() {
    FieldSpec field =
        StructTranslator.fromServer(
            "a",
            struct(member("clips[word]").setFieldID(104), member("clipsy[a]").setFieldID(105))
                .setFieldID(103)
                .build());

    assertThat(field.id()).isEqualTo(103);
    assertThat(field.members())
        .extracting(FieldSpec::name, FieldSpec::id)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("word", 104L),
            org.assertj.core.groups.Tuple.tuple("clipsy[a]", 105L));
  }

  @Nested
  class AreRefusedByName {
    @Test
    void withoutMembers() {
      assertRefused(struct(), "field clips is an array of structs without members");
    }

    @Test
    void withSettingsThatThisBuildDoesNotKnow() {
      UnknownFieldSet nullable =
          UnknownFieldSet.newBuilder()
              .addField(6, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
              .build();

      assertRefused(struct(member("word")).setUnknownFields(nullable), "further settings");
      assertRefused(
          struct(member("word").setUnknownFields(nullable)), "field clips[word] is a member");
    }

    @Test
    void withMembersThatAreMoreThanValues() {
      for (FieldSchema.Builder odd :
          List.of(
              member("odd").setNullable(true),
              member("odd").setIsPrimaryKey(true),
              member("odd").setIsPartitionKey(true),
              member("odd").setIsClusteringKey(true),
              member("odd").setIsFunctionOutput(true),
              member("odd").setDefaultValue(ValueField.newBuilder().setIntData(1)))) {
        assertRefused(struct(member("word"), odd), "field clips[odd] is a member of a struct");
      }
    }

    @Test
    void withMembersOfOtherTypes() {
      assertRefused(
          struct(member("odd").setDataType(DataType.Int64)),
          "field clips[odd] is of type Int64 inside of a struct");
      assertRefused(
          struct(member("odd").setElementType(DataType.JSON)),
          "field clips[odd] is Array of JSON inside of a struct");
      assertRefused(
          struct(member("odd").setElementType(DataType.FloatVector)), "Array of FLOAT_VECTOR");
      assertRefused(
          struct(
              member("odd")
                  .setDataType(DataType.ArrayOfVector)
                  .setElementType(DataType.SparseFloatVector)),
          "ArrayOfVector of SPARSE_FLOAT_VECTOR");
      assertRefused(
          struct(member("odd").setDataType(DataType.ArrayOfVector)), "ArrayOfVector of INT64");
      assertRefused(struct(member("odd").setElementTypeValue(999)), "UNRECOGNIZED");
    }

    private void assertRefused(StructArrayFieldSchema.Builder struct, String reason) {
      FerryException failure =
          catchThrowableOfType(
              FerryException.class,
              () ->
                  SchemaTranslator.fromServer(
                      "default.a",
                      io.milvus.grpc.CollectionSchema.newBuilder()
                          .addFields(
                              FieldSchema.newBuilder()
                                  .setName("id")
                                  .setDataType(DataType.Int64)
                                  .setIsPrimaryKey(true))
                          .addStructArrayFields(struct)
                          .build()));

      assertThat(failure).as(reason).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.TYPE_UNKNOWN);
      assertThat(failure)
          .hasMessageContaining("collection default.a")
          .hasMessageContaining("clips")
          .hasMessageContaining(reason);
    }
  }

  private static StructArrayFieldSchema.Builder struct(FieldSchema.Builder... members) {
    StructArrayFieldSchema.Builder struct = StructArrayFieldSchema.newBuilder().setName("clips");
    for (FieldSchema.Builder member : members) {
      struct.addFields(member);
    }
    return struct;
  }

  private static FieldSchema.Builder member(String name) {
    return FieldSchema.newBuilder()
        .setName(name)
        .setDataType(DataType.Array)
        .setElementType(DataType.Int64);
  }
}
