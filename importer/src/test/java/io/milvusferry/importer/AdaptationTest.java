package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionPlan.Action;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.FunctionSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.testkit.FakeCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptationTest {
  private static final CollectionName PRODUCTS = ImportFixture.PRODUCTS;

  @TempDir(factory = QuickTempDir.class)
  Path dir;

  private ImportFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ImportFixture(dir);
  }

  /** The usual collection with these fields before its vector. */
  private static CollectionDescription with(FieldSpec... more) {
    CollectionSchema schema = MemoryArchive.schema(FieldType.INT64, false);
    List<FieldSpec> fields = new ArrayList<>(schema.fields());
    for (FieldSpec field : more) {
      fields.add(fields.size() - 1, field);
    }
    return ImportFixture.described(PRODUCTS, schema.withFields(fields));
  }

  private void archive(CollectionDescription description) {
    fixture.archive.add(description, 2, 12, true);
  }

  private CollectionPlan plan() {
    return fixture.importer().plan(fixture.request(fixture.server)).collections().get(0);
  }

  private void refuseFields(Predicate<FieldSpec> rule, String words) {
    fixture
        .server
        .rules()
        .refuseCollections(
            wanted ->
                wanted.schema().fields().stream().anyMatch(rule)
                    ? Optional.of(words)
                    : Optional.empty());
  }

  private void makeFields(UnaryOperator<FieldSpec> rule) {
    fixture
        .server
        .rules()
        .make(
            wanted ->
                wanted.withSchema(
                    wanted
                        .schema()
                        .withFields(wanted.schema().fields().stream().map(rule).toList())));
  }

  private CollectionDescription made() {
    return fixture.server.source(PRODUCTS).describe();
  }

  private static FieldSpec tag() {
    return FieldSpec.of("tag", FieldType.INT32, Map.of());
  }

  @Test
  void declaresNothingWhereTheTargetKeepsEverything() {
    archive(with(tag().withDefault("7").asClusteringKey()));
    assertThat(plan().deviations()).isEmpty();
    assertThat(plan().action()).isEqualTo(Action.CREATE);
    assertThat(fixture.server.collections("default")).isEmpty();
  }

  @Nested
  class WhatTheTargetRefuses {
    @Test
    void isNamedAllAtOnceWhereRowsWouldBeLost() {
      archive(
          with(
              FieldSpec.of("shape", FieldType.GEOMETRY, Map.of()),
              FieldSpec.of("when", FieldType.TIMESTAMPTZ, Map.of()),
              tag()));
      refuseFields(
          field -> field.type() == FieldType.GEOMETRY || field.type() == FieldType.TIMESTAMPTZ,
          "data type is not supported");
      CollectionPlan plan = plan();
      assertThat(plan.action()).isEqualTo(Action.CONFLICT);
      assertThat(plan.refusals())
          .extracting(Refusal::path)
          .containsExactly("schema.fields.shape", "schema.fields.when");
      assertThat(plan.refusals().get(0).message())
          .isEqualTo(
              "default.products: the target cannot hold field shape of type GEOMETRY: data type is"
                  + " not supported");
      assertThatThrownBy(fixture::run)
          .isInstanceOfSatisfying(
              FerryException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_INCAPABLE))
          .hasMessageContaining("shape")
          .hasMessageContaining("when");
      assertThat(fixture.server.collections("default")).isEmpty();
    }

    @Test
    void isATypeThatItWouldTakeForTextAndDieOf() {
      archive(with(FieldSpec.of("when", FieldType.TIMESTAMPTZ, Map.of())));
      List<CollectionSchema> written = new ArrayList<>();
      fixture
          .server
          .rules()
          .refuseRows(
              schema -> {
                written.add(schema);
                return has(schema, FieldType.GEOMETRY)
                    ? Optional.of("not supported now")
                    : Optional.empty();
              });
      CollectionPlan plan = plan();
      assertThat(plan.refusals()).extracting(Refusal::path).containsExactly("schema.fields.when");
      assertThat(plan.refusals().get(0).message())
          .contains("it lacks GEOMETRY, which is older")
          .contains("not supported now");
      assertThat(written).isNotEmpty().noneMatch(schema -> has(schema, FieldType.TIMESTAMPTZ));
    }

    private static boolean has(CollectionSchema schema, FieldType type) {
      return schema.fields().stream().anyMatch(field -> field.type() == type);
    }

    @Test
    void isFoundAlsoWhereOnlyRowsAreRefused() {
      archive(with(FieldSpec.of("words", FieldType.SPARSE_FLOAT_VECTOR, Map.of())));
      fixture
          .server
          .rules()
          .refuseRows(
              schema ->
                  schema.fields().stream()
                          .anyMatch(field -> field.type() == FieldType.SPARSE_FLOAT_VECTOR)
                      ? Optional.of("it is not supported now")
                      : Optional.empty());
      assertThat(plan().refusals())
          .extracting(Refusal::path)
          .containsExactly("schema.fields.words");
    }

    @Test
    void isTheSecondVectorWhereThereMayBeOne() {
      archive(with(FieldSpec.of("more", FieldType.FLOAT_VECTOR, Map.of("dim", "4"))));
      fixture
          .server
          .rules()
          .refuseCollections(
              wanted ->
                  wanted.schema().fields().stream().filter(f -> f.type().isVector()).count() > 1
                      ? Optional.of("multiple vector fields are not supported")
                      : Optional.empty());
      assertThat(plan().refusals())
          .extracting(Refusal::path)
          .containsExactly("schema.fields.vector");
    }

    @Test
    void isLeftOutAndDeclaredWhereEveryRowStays() {
      archive(with(tag().withDefault("7").asClusteringKey()));
      refuseFields(FieldSpec::clusteringKey, "no clustering");
      makeFields(field -> field.withDefault(null));
      assertThat(plan().deviations())
          .extracting(Deviation::path)
          .containsExactlyInAnyOrder(
              "schema.fields.tag.clusteringKey", "schema.fields.tag.default");
      assertThat(fixture.run().proven()).isTrue();
      assertThat(made().schema().field("tag").orElseThrow().clusteringKey()).isFalse();
      fixture.strict = true;
      fixture.onExisting = OnExisting.REPLACE;
      assertThat(plan().refusals()).hasSize(2);
    }

    @Test
    void isAPropertyByItself() {
      archive(ImportFixture.described());
      fixture
          .server
          .rules()
          .refuseProperties(
              some ->
                  some.containsKey("mmap.enabled")
                      ? Optional.of("unknown property")
                      : Optional.empty());
      assertThat(plan().deviations())
          .extracting(Deviation::path)
          .containsExactly("properties.mmap.enabled");
      assertThat(fixture.run().proven()).isTrue();
      assertThat(made().properties()).containsOnlyKeys("collection.ttl.seconds");
    }

    @Test
    void isAnIndexForWhichTheNearestIsMade() {
      archive(ImportFixture.described());
      fixture
          .server
          .rules()
          .refuseIndexes(
              index ->
                  index.type().equals("FLAT") ? Optional.empty() : Optional.of("only FLAT here"));
      CollectionPlan plan = plan();
      assertThat(plan.deviations())
          .anySatisfy(
              deviation -> {
                assertThat(deviation.path()).isEqualTo("indexes.vector");
                assertThat(deviation.instead()).isEqualTo("it is FLAT");
              });
      assertThat(fixture.run().proven()).isTrue();
      assertThat(made().indexes()).extracting(IndexSpec::type).containsExactly("FLAT");
    }

    @Test
    void areMoreShardsThanItTakes() {
      archive(ImportFixture.described().withShards(16));
      fixture
          .server
          .rules()
          .refuseCollections(
              wanted -> wanted.shards() > 4 ? Optional.of("max shards 4") : Optional.empty());
      assertThat(plan().deviations()).extracting(Deviation::instead).containsExactly("it has 4");
      assertThat(fixture.run().proven()).isTrue();
      assertThat(made().shards()).isEqualTo(4);
    }

    @Test
    void isANameThatIsTooLongThere() {
      archive(ImportFixture.described());
      fixture.renames = Map.of("products", "p".repeat(100));
      fixture
          .server
          .rules()
          .refuseCollections(
              wanted ->
                  wanted.name().name().length() > 64
                      ? Optional.of("collection name is too long")
                      : Optional.empty());
      assertThat(plan().refusals()).extracting(Refusal::path).containsExactly("name");
    }

    @Test
    void isAFunctionWhoseFieldsGoWithIt() {
      FieldSpec text =
          FieldSpec.of(
              "story", FieldType.VARCHAR, Map.of("max_length", "90", "enable_analyzer", "true"));
      FieldSpec words =
          FieldSpec.of("words", FieldType.SPARSE_FLOAT_VECTOR, Map.of()).asFunctionOutput();
      CollectionDescription plain = with(text, words);
      FunctionSpec function =
          new FunctionSpec("f", "BM25", "", List.of("story"), List.of("words"), new TreeMap<>());
      archive(
          plain.withSchema(new CollectionSchema(true, plain.schema().fields(), List.of(function))));
      fixture
          .server
          .rules()
          .refuseCollections(
              wanted ->
                  wanted.schema().functions().isEmpty()
                      ? Optional.empty()
                      : Optional.of("no functions here"));
      assertThat(plan().refusals()).isEmpty();
      assertThat(plan().deviations())
          .extracting(Deviation::path)
          .contains("schema.functions.f", "schema.fields.words");
      assertThat(fixture.run().proven()).isTrue();
      assertThat(made().schema().functions()).isEmpty();
    }

    @Test
    void isAnAnalyzerThatItDoesNotKnow() {
      archive(
          with(
              FieldSpec.of(
                  "story",
                  FieldType.VARCHAR,
                  Map.of(
                      "max_length",
                      "90",
                      "enable_analyzer",
                      "true",
                      "analyzer_params",
                      "{\"type\":\"klingon\"}"))));
      refuseFields(
          field -> field.typeParams().containsKey("analyzer_params"), "unknown analyzer klingon");
      assertThat(plan().refusals())
          .extracting(Refusal::path)
          .containsExactly("schema.fields.story.typeParams");
    }
  }

  @Nested
  class NullsInAFieldThatMustHaveAValueThere {
    @BeforeEach
    void forget() {
      makeFields(field -> field.withNulls(false));
    }

    @Test
    void areRefused() {
      archive(with(tag().withNulls(true)));
      assertThat(plan().refusals())
          .extracting(Refusal::path)
          .containsExactly("schema.fields.tag.nullable");
    }

    @Test
    void areNoneOfAFieldThatHappensToBeComplete() {
      fixture.archive.complete = true;
      archive(with(tag().withNulls(true)));
      assertThat(plan().deviations())
          .extracting(Deviation::instead)
          .containsExactly("no row is null, and the field is not nullable");
      assertThat(fixture.run().proven()).isTrue();
      assertThat(made().schema().field("tag").orElseThrow().nullable()).isFalse();
    }
  }

  @Test
  void leavesNoProbeBehindAlsoAfterACrash() {
    archive(ImportFixture.described());
    KillSwitch kill = new KillSwitch(12, KillSwitch.Moment.AFTER_THE_SERVER_ACTED);
    assertThatThrownBy(() -> fixture.importer().plan(fixture.request(kill.guard(fixture.server))))
        .isInstanceOf(KillSwitch.Killed.class);
    assertThat(fixture.server.collections("default"))
        .extracting(CollectionName::name)
        .allMatch(name -> name.startsWith("ferry_probe_"))
        .hasSize(1);
    assertThat(plan().refusals()).isEmpty();
    assertThat(fixture.server.collections("default")).isEmpty();
  }

  @Test
  void takesNoRefusalForGrantedThatPasses() {
    archive(with(tag().withDefault("7")));
    fixture.server.faults().fail(FakeCall.CREATE, 1, ErrorCode.SERVER_REFUSED);
    assertThat(plan().deviations()).isEmpty();
    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void failsWhereTheServerDoesNotAnswer() {
    archive(with(tag().withDefault("7")));
    fixture.server.faults().fail(FakeCall.CREATE, 1, ErrorCode.SERVER_TIMEOUT);
    assertThatThrownBy(AdaptationTest.this::plan)
        .isInstanceOfSatisfying(
            FerryException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_TIMEOUT));
  }
}
