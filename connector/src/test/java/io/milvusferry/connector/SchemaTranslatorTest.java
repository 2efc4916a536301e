package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvus.grpc.ValueField;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.FunctionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaTranslatorTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);

  @Nested
  class ASchema {
    @ParameterizedTest
    @EnumSource(FieldType.class)
    void comesBackAsItWentForEveryType(FieldType type) {
      FieldSpec field =
          switch (type) {
            case ARRAY -> FieldSpec.arrayOf("f", FieldType.INT16, Map.of("max_capacity", "8"));
            case STRUCT_ARRAY -> SampleBatches.structs();
            default -> FieldSpec.of("f", type, Map.of("dim", "16", "max_length", "7"));
          };

      assertComesBack(new CollectionSchema(false, List.of(KEY, field)));
    }

    @ParameterizedTest
    @EnumSource(
        value = FieldType.class,
        names = {"BOOL", "INT8", "INT16", "INT32", "INT64", "FLOAT", "DOUBLE", "VARCHAR"})
    void comesBackAsItWentForEveryTypeOfElement(FieldType type) {
      assertComesBack(
          new CollectionSchema(
              true,
              List.of(
                  FieldSpec.arrayOf(
                      "f",
                      type,
                      type == FieldType.VARCHAR
                          ? Map.of("max_capacity", "8", "max_length", "9")
                          : Map.of("max_capacity", "8")),
                  KEY)));
    }

    @Test
    void mayHaveTheLongestTextsInAnArrayWhereTheServerForgotHowLongTheyMayBe() {
      FieldSchema.Builder array =
          FieldSchema.newBuilder()
              .setName("tags")
              .setDataType(DataType.Array)
              .setElementType(DataType.VarChar);

      CollectionSchema schema =
          SchemaTranslator.fromServer(
              "a",
              io.milvus.grpc.CollectionSchema.newBuilder()
                  .addFields(plain("id").setIsPrimaryKey(true))
                  .addFields(array)
                  .build());

      assertThat(schema.fields().get(1).typeParams())
          .containsExactly(Map.entry("max_length", "65535"));
    }

    @Test
    void keepsEveryFlagOfAField() {
      assertComesBack(
          new CollectionSchema(
              true,
              List.of(
                  FieldSpec.of("id", FieldType.VARCHAR, Map.of("max_length", "9"))
                      .asPrimaryKey(true),
                  FieldSpec.of("tenant", FieldType.INT64, Map.of()).asPartitionKey(),
                  field("sorted", "by this", true, false, null, false),
                  field("nullable", "", false, true, null, false))));
    }

    @ParameterizedTest
    @CsvSource({
      "BOOL, true",
      "INT8, -128",
      "INT64, -9223372036854775808",
      "FLOAT, 1.4E-45",
      "DOUBLE, 4.9E-324",
      "VARCHAR, ''",
      "VARCHAR, a \"quoted\" 中",
      "JSON, {}",
      "GEOMETRY, POINT (1 2)",
      "TIMESTAMPTZ, -1"
    })
    void keepsADefaultOfEveryType(FieldType type, String value) {
      FieldSpec field = FieldSpec.of("f", type, Map.of()).withDefault(value);

      assertComesBack(
          new CollectionSchema(
              false, List.of(KEY, field, field("g", "", false, true, null, false))));
    }

    @Test
    void keepsFunctionsAndTheirOutputs() {
      assertComesBack(
          new CollectionSchema(
              false,
              List.of(
                  KEY,
                  FieldSpec.of("text", FieldType.VARCHAR, Map.of("enable_analyzer", "true")),
                  FieldSpec.of("words", FieldType.SPARSE_FLOAT_VECTOR, Map.of())
                      .asFunctionOutput()),
              List.of(
                  new FunctionSpec(
                      "weigh",
                      "BM25",
                      "by weight",
                      List.of("text"),
                      List.of("words"),
                      new TreeMap<>(Map.of("bm25_b", "0.75"))))));
    }

    @Test
    void carriesNameAndDescriptionToTheServer() {
      io.milvus.grpc.CollectionSchema schema =
          SchemaTranslator.toServer("a", "of letters", new CollectionSchema(true, List.of(KEY)));

      assertThat(schema.getName()).isEqualTo("a");
      assertThat(schema.getDescription()).isEqualTo("of letters");
      assertThat(schema.getEnableDynamicField()).isTrue();
    }

    @Test
    void keepsTheFieldIdsOfTheServer() {
      CollectionSchema schema =
          SchemaTranslator.fromServer("a", server(plain("id").setFieldID(100)));

      assertThat(schema.primaryKey().id()).isEqualTo(100);
    }

    @Test
    void doesNotListTheDynamicFieldThatSomeServersDescribe() {
      CollectionSchema schema =
          SchemaTranslator.fromServer(
              "a",
              io.milvus.grpc.CollectionSchema.newBuilder()
                  .setEnableDynamicField(true)
                  .addFields(plain("id").setIsPrimaryKey(true))
                  .addFields(
                      FieldSchema.newBuilder()
                          .setName("$meta")
                          .setDataType(DataType.JSON)
                          .setIsDynamic(true))
                  .build());

      assertThat(schema.fields()).extracting(FieldSpec::name).containsExactly("id");
      assertThat(schema.rowFields()).extracting(FieldSpec::name).containsExactly("id", "$meta");
    }

    private void assertComesBack(CollectionSchema schema) {
      assertThat(SchemaTranslator.fromServer("a", SchemaTranslator.toServer("a", "", schema)))
          .isEqualTo(schema);
    }
  }

  @Nested
  class AFieldThatCannotBeCarried {
    @Test
    void isNamedForEveryTypeThatThisBuildDoesNotKnow() {
      List<DataType> known = new ArrayList<>();
      for (FieldType type : FieldType.values()) {
        known.add(SchemaTranslator.dataType(type));
      }
      int refused = 0;
      for (DataType type : DataType.values()) {
        if (type != DataType.UNRECOGNIZED && !known.contains(type)) {
          assertRefused(server(plain("odd").setDataType(type)), "odd", type.name());
          refused++;
        }
      }
      assertThat(refused).isPositive();
      assertRefused(server(plain("odd").setDataTypeValue(9999)), "odd", "UNRECOGNIZED");
    }

    @Test
    void isNamedForAnElementOfUnknownType() {
      assertRefused(
          server(plain("odd").setDataType(DataType.Array).setElementType(DataType.Geometry)),
          "odd",
          "Geometry");
    }

    @Test
    void isNamedWhereItsFunctionIsNotKnown() {
      FunctionSchema.Builder embedding =
          FunctionSchema.newBuilder()
              .setName("embed")
              .setType(FunctionType.TextEmbedding)
              .addOutputFieldNames("odd");

      assertRefused(
          server(plain("odd")).toBuilder().addFunctions(embedding).build(), "odd", "TextEmbedding");
      assertRefused(
          server(plain("odd")).toBuilder().addFunctions(embedding.setTypeValue(4)).build(),
          "odd",
          "embed of type 4");
      assertRefused(server(plain("odd").setIsFunctionOutput(true)), "odd", "function");
    }

    @Test
    void isNamedWhereItsDefaultIsNoMoment() {
      assertRefused(
          server(
              plain("odd")
                  .setDataType(DataType.Timestamptz)
                  .setDefaultValue(ValueField.newBuilder().setStringData("noon"))),
          "odd",
          "'noon'");
    }

    private void assertRefused(
        io.milvus.grpc.CollectionSchema schema, String field, String reason) {
      FerryException failure =
          catchThrowableOfType(
              FerryException.class, () -> SchemaTranslator.fromServer("default.a", schema));

      assertThat(failure).as(reason).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.TYPE_UNKNOWN);
      assertThat(failure)
          .hasMessageContaining("collection default.a")
          .hasMessageContaining("field " + field)
          .hasMessageContaining(reason);
      assertThat(failure.hint()).contains("--skip");
    }
  }

  private static FieldSchema.Builder plain(String name) {
    return FieldSchema.newBuilder().setName(name).setDataType(DataType.Int64);
  }

  /** A schema with this field as its key. */
  private static io.milvus.grpc.CollectionSchema server(FieldSchema.Builder field) {
    return io.milvus.grpc.CollectionSchema.newBuilder()
        .addFields(field.setIsPrimaryKey(true))
        .build();
  }

  private static FieldSpec field(
      String name,
      String description,
      boolean clusteringKey,
      boolean nullable,
      @Nullable String defaultValue,
      boolean functionOutput) {
    return new FieldSpec(
        0,
        name,
        FieldType.INT64,
        null,
        false,
        false,
        false,
        clusteringKey,
        nullable,
        defaultValue,
        new TreeMap<>(),
        description,
        functionOutput);
  }
}
