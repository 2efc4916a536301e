package io.milvusferry.manifest;

import static io.milvusferry.manifest.JsonMembers.list;
import static io.milvusferry.manifest.JsonMembers.parsed;

import com.google.gson.stream.JsonReader;
import io.milvusferry.manifest.JsonMembers.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/** Reads the schema of one collection of a manifest. */
final class SchemaReader {
  private static final Member<String> NAME = Member.of("name", JsonMembers::string);
  private static final Member<String> DESCRIPTION = Member.of("description", JsonMembers::string);
  private static final Member<SortedMap<String, String>> PARAMS =
      Member.of("params", JsonMembers::map);
  private static final Member<Boolean> DYNAMIC = Member.of("enableDynamicField", JsonMembers::bool);
  private static final Member<List<FieldSpec>> FIELDS =
      Member.of("fields", list(SchemaReader::field));
  private static final Member<List<FieldSpec>> STRUCT_FIELDS =
      Member.of("structFields", list(SchemaReader::struct));
  private static final Member<List<FieldSpec>> MEMBERS =
      Member.of("fields", list(SchemaReader::member));
  private static final Member<List<FunctionSpec>> FUNCTIONS =
      Member.of("functions", list(SchemaReader::function));
  private static final Member<String> FUNCTION_TYPE = Member.of("type", JsonMembers::string);
  private static final Member<List<String>> INPUTS = Member.of("inputs", list(JsonMembers::string));
  private static final Member<List<String>> OUTPUTS =
      Member.of("outputs", list(JsonMembers::string));
  private static final Member<Long> ID = Member.of("id", JsonMembers::int64);
  private static final Member<FieldType> FIELD_TYPE = Member.of("type", parsed(FieldType::valueOf));
  private static final Member<FieldType> ELEMENT_TYPE =
      Member.of("elementType", parsed(FieldType::valueOf));
  private static final Member<Boolean> PRIMARY_KEY = Member.of("primaryKey", JsonMembers::bool);
  private static final Member<Boolean> AUTO_ID = Member.of("autoId", JsonMembers::bool);
  private static final Member<Boolean> PARTITION_KEY = Member.of("partitionKey", JsonMembers::bool);
  private static final Member<Boolean> CLUSTERING_KEY =
      Member.of("clusteringKey", JsonMembers::bool);
  private static final Member<Boolean> NULLABLE = Member.of("nullable", JsonMembers::bool);
  private static final Member<String> DEFAULT = Member.of("default", JsonMembers::string);
  private static final Member<SortedMap<String, String>> TYPE_PARAMS =
      Member.of("typeParams", JsonMembers::map);
  private static final Member<Boolean> FUNCTION_OUTPUT =
      Member.of("functionOutput", JsonMembers::bool);

  private SchemaReader() {}

  static CollectionSchema read(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, DYNAMIC, FIELDS, STRUCT_FIELDS, FUNCTIONS);
    List<FieldSpec> fields = new ArrayList<>(it.get(FIELDS));
    fields.addAll(Objects.requireNonNullElse(it.find(STRUCT_FIELDS), List.of()));
    return it.make(() -> new CollectionSchema(it.get(DYNAMIC), fields, it.get(FUNCTIONS)));
  }

  private static FunctionSpec function(JsonReader in) throws IOException {
    JsonMembers it =
        JsonMembers.read(in, NAME, FUNCTION_TYPE, DESCRIPTION, INPUTS, OUTPUTS, PARAMS);
    return it.make(
        () ->
            new FunctionSpec(
                it.get(NAME),
                it.get(FUNCTION_TYPE),
                it.get(DESCRIPTION),
                it.get(INPUTS),
                it.get(OUTPUTS),
                it.get(PARAMS)));
  }

  private static FieldSpec field(JsonReader in) throws IOException {
    JsonMembers it =
        JsonMembers.read(
            in,
            ID,
            NAME,
            FIELD_TYPE,
            ELEMENT_TYPE,
            PRIMARY_KEY,
            AUTO_ID,
            PARTITION_KEY,
            CLUSTERING_KEY,
            NULLABLE,
            DEFAULT,
            TYPE_PARAMS,
            DESCRIPTION,
            FUNCTION_OUTPUT);
    return it.make(
        () ->
            new FieldSpec(
                it.get(ID),
                it.get(NAME),
                it.get(FIELD_TYPE),
                it.find(ELEMENT_TYPE),
                it.get(PRIMARY_KEY),
                it.get(AUTO_ID),
                it.get(PARTITION_KEY),
                it.get(CLUSTERING_KEY),
                it.get(NULLABLE),
                it.find(DEFAULT),
                it.get(TYPE_PARAMS),
                it.get(DESCRIPTION),
                it.get(FUNCTION_OUTPUT)));
  }

  private static FieldSpec struct(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, ID, NAME, DESCRIPTION, TYPE_PARAMS, MEMBERS);
    return it.make(
        () ->
            FieldSpec.structsOf(it.get(NAME), it.get(MEMBERS))
                .withId(it.get(ID))
                .withText(it.get(TYPE_PARAMS), it.get(DESCRIPTION)));
  }

  private static FieldSpec member(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, ID, NAME, FIELD_TYPE, TYPE_PARAMS, DESCRIPTION);
    return it.make(
        () ->
            FieldSpec.of(it.get(NAME), it.get(FIELD_TYPE), it.get(TYPE_PARAMS))
                .withId(it.get(ID))
                .withText(it.get(TYPE_PARAMS), it.get(DESCRIPTION)));
  }
}
