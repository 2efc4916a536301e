package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.testkit.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructArraysTest {
  private static final FieldSpec STRUCTS = described(SampleRows.structs());

  @TempDir(factory = QuickTempDir.class)
  Path dir;

  private ImportFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ImportFixture(dir);
    CollectionDescription usual = ImportFixture.described();
    List<FieldSpec> fields = new ArrayList<>(usual.schema().fields());
    fields.add(STRUCTS);
    CollectionSchema schema = usual.schema().withFields(fields);
    List<IndexSpec> indexes = new ArrayList<>(usual.indexes());
    for (FieldSpec field : schema.indexable()) {
      if (field.isInside() && field.type().isVector()) {
        indexes.add(index(field.name(), "HNSW"));
      }
    }
    fixture.archive.add(usual.withSchema(schema).withIndexes(indexes), 2, 12, true);
  }

  /** Each member with a text and a parameter beyond its type. */
  private static FieldSpec described(FieldSpec structs) {
    return structs.withMembers(
        structs.members().stream()
            .map(
                member -> {
                  TreeMap<String, String> params = new TreeMap<>(member.typeParams());
                  params.put("mmap.enabled", "true");
                  return member.withText(params, "text of " + member.name());
                })
            .toList());
  }

  private static IndexSpec index(String field, String type) {
    return new IndexSpec(field, "by_" + field, type, "MAX_SIM_IP", new TreeMap<>());
  }

  private CollectionPlan plan() {
    return fixture.importer().plan(fixture.request(fixture.server)).collections().get(0);
  }

  private CollectionDescription made() {
    return fixture.server.source(ImportFixture.PRODUCTS).describe();
  }

  private void make(UnaryOperator<List<FieldSpec>> rule) {
    fixture
        .server
        .rules()
        .make(
            wanted ->
                wanted.withSchema(
                    wanted.schema().withFields(rule.apply(wanted.schema().fields()))));
  }

  @Test
  void areImportedBothWaysWithTheirIndexesAndProven() {
    assertThat(plan().deviations()).isEmpty();

    CollectionResult result = fixture.run().collections().get(0);

    assertThat(result.proof()).isEqualTo(new Proof.Equal(48, false));
    assertThat(result.bulkRows()).isEqualTo(24);
    assertThat(result.insertedRows()).isEqualTo(24);
    FieldSpec field = made().schema().field("structs").orElseThrow();
    assertThat(field.members())
        .extracting(FieldSpec::name, FieldSpec::type, FieldSpec::typeParams, FieldSpec::description)
        .containsExactlyElementsOf(
            STRUCTS.members().stream()
                .map(
                    m ->
                        org.assertj.core.groups.Tuple.tuple(
                            m.name(), m.type(), m.typeParams(), m.description()))
                .toList());
    assertThat(made().indexes())
        .extracting(IndexSpec::field)
        .contains("structs[m_float_vector]", "structs[m_binary_vector]", "structs[m_int8_vector]");
  }

  @Test
  void areRefusedByThePlanWhereTheTargetRefusesThem() {
    fixture
        .server
        .rules()
        .refuseCollections(
            wanted ->
                wanted.schema().fields().stream().anyMatch(field -> !field.members().isEmpty())
                    ? Optional.of("no structs here")
                    : Optional.empty());

    assertThat(plan().refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.path()).isEqualTo("schema.fields.structs");
              assertThat(refusal.message())
                  .contains("cannot hold field structs of type STRUCT_ARRAY of (m_bfloat16_vector")
                  .endsWith("no structs here");
            });
    assertThatThrownBy(fixture::run)
        .isInstanceOfSatisfying(
            FerryException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_INCAPABLE));
    assertThat(fixture.server.collections("default")).isEmpty();
  }

  @Test
  void areRefusedWithoutARowWhereTheTargetMakesTheCollectionWithoutThem() {
    make(fields -> fields.stream().filter(field -> field.members().isEmpty()).toList());

    assertThat(plan().refusals())
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.message())
                    .contains("it makes the collection without the array of structs structs"));
    assertThat(fixture.server.collections("default")).isEmpty();
  }

  @Test
  void areRefusedWhereTheTargetForgetsAMember() {
    make(
        fields ->
            fields.stream()
                .map(
                    field ->
                        field.members().isEmpty()
                            ? field
                            : field.withMembers(field.members().subList(1, field.members().size())))
                .toList());

    assertThat(plan().refusals())
        .extracting(Refusal::path)
        .containsExactly("schema.fields.structs.type");
  }

  @Test
  void haveMembersWhoseTextsAndParametersMayBeForgottenIfThatIsDeclared() {
    make(
        fields ->
            fields.stream().map(field -> FieldFeatures.plain(field).withId(field.id())).toList());

    assertThat(plan().refusals()).isEmpty();
    assertThat(plan().deviations())
        .extracting(Deviation::path)
        .contains(
            "schema.fields.structs.fields.m_bool.description",
            "schema.fields.structs.fields.m_bool.typeParams.mmap.enabled");
    assertThat(fixture.run().proven()).isTrue();
  }

  @Test
  void getTheIndexThatTheTargetChoosesWhereItRefusesTheOneOfTheSource() {
    fixture
        .server
        .rules()
        .refuseIndexes(
            index ->
                index.field().endsWith("]") && index.type().equals("HNSW")
                    ? Optional.of("no such index")
                    : Optional.empty());

    assertThat(plan().deviations())
        .extracting(Deviation::path)
        .contains("indexes.structs[m_float_vector]");
    assertThat(fixture.run().proven()).isTrue();
    assertThat(made().indexes())
        .filteredOn(index -> index.field().equals("structs[m_float_vector]"))
        .extracting(IndexSpec::type)
        .containsExactly("AUTOINDEX");
  }

  @Test
  void areNotAddedToACollectionWhoseMembersDiffer() {
    CollectionDescription usual = ImportFixture.described();
    List<FieldSpec> fields = new ArrayList<>(usual.schema().fields());
    FieldSpec other = STRUCTS.withMembers(STRUCTS.members().subList(0, 2));
    fields.add(other);
    fixture.foreign(usual.withSchema(usual.schema().withFields(fields)), 1, 0);

    CollectionPlan plan = plan();

    assertThat(plan.refusals())
        .extracting(Refusal::message)
        .anySatisfy(
            message ->
                assertThat(message)
                    .contains("field structs type is STRUCT_ARRAY of (m_bool BOOL, m_int8 INT8)"));
  }
}
