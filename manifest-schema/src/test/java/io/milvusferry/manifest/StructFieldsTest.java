package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StructFieldsTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec WORD =
      FieldSpec.of("word", FieldType.VARCHAR, Map.of("max_length", "9", "max_capacity", "4"))
          .withId(103);
  private static final FieldSpec VECTOR =
      FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "4", "max_capacity", "4"))
          .withText(new TreeMap<>(Map.of("dim", "4", "max_capacity", "4")), "of a scene");
  private static final FieldSpec CLIPS =
      FieldSpec.structsOf("clips", List.of(WORD, VECTOR))
          .withId(102)
          .withText(new TreeMap<>(Map.of("mmap.enabled", "true")), "scenes of a film");
  private static final FieldSpec NUMBER = FieldSpec.of("number", FieldType.INT8, Map.of());

  private static Manifest manifest(FieldSpec... fields) {
    Manifest sample = SampleArchive.manifest();
    CollectionEntry empty = sample.collections().get(1);
    CollectionEntry changed =
        new CollectionEntry(
            empty.number(),
            empty.directory(),
            empty
                .description()
                .withSchema(new CollectionSchema(false, List.of(fields)))
                .withIndexes(List.of()),
            empty.excerpt(),
            empty.consistency(),
            empty.partitions(),
            empty.countedRows(),
            empty.duplicateKeys(),
            empty.fingerprint(),
            empty.parts());
    return new Manifest(
        sample.formatVersion(),
        sample.requires(),
        sample.createdAt(),
        sample.createdBy(),
        sample.creationId(),
        sample.source(),
        sample.consistency(),
        sample.databases(),
        List.of(changed));
  }

  private static String written() {
    return new String(ManifestWriter.toBytes(manifest(KEY, CLIPS, NUMBER)), StandardCharsets.UTF_8);
  }

  private static Manifest read(String json) {
    return ManifestReader.fromBytes(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void comeBackFromAManifestAsTheyWentAfterAllOthers() {
    Manifest back = read(written());

    assertThat(back).isEqualTo(manifest(KEY, CLIPS, NUMBER));
    assertThat(back.collections().get(0).description().schema().fields())
        .containsExactly(KEY, NUMBER, CLIPS);
  }

  @Test
  void lieApartInTheManifestWithTheirMembers() {
    assertThat(written().replaceAll("\\s+", ""))
        .contains(
            "\"structFields\":[{\"id\":\"102\",\"name\":\"clips\","
                + "\"typeParams\":{\"mmap.enabled\":\"true\"},\"description\":\"scenesofafilm\","
                + "\"fields\":[{\"id\":\"103\",\"name\":\"word\",\"type\":\"VARCHAR\","
                + "\"typeParams\":{\"max_capacity\":\"4\",\"max_length\":\"9\"},\"description\":\"\"},"
                + "{\"id\":\"0\",\"name\":\"v\",\"type\":\"FLOAT_VECTOR\","
                + "\"typeParams\":{\"dim\":\"4\",\"max_capacity\":\"4\"},"
                + "\"description\":\"ofascene\"}]}]")
        .doesNotContain("STRUCT_ARRAY");
  }

  @Test
  void areSomethingThatAReaderMustUnderstand() {
    assertThat(read(written()).requires()).containsExactly("struct-arrays");
    assertThat(manifest(KEY, NUMBER).requires()).isEmpty();
    String untold = written().replaceAll("\\[\\s*\"struct-arrays\"\\s*\\]", "[]");
    assertThat(untold).isNotEqualTo(written());
    assertThat(read(untold).requires()).containsExactly("struct-arrays");
  }

  @Test
  void areRefusedInAManifestWhereTheyAreNoPlainStructs() {
    assertInvalid(written().replace("\"type\": \"VARCHAR\"", "\"type\": \"JSON\""), "member word");
    assertInvalid(
        written().replace("\"type\": \"VARCHAR\"", "\"type\": \"STRUCT_ARRAY\""), "structs");
    assertInvalid(written().replace("\"name\": \"word\"", "\"name\": \"v\""), "a member twice");
    assertInvalid(written().replace("\"name\": \"clips\"", "\"name\": \"id\""), "same name");
    assertInvalid(written().replace("\"name\": \"word\",", ""), "lacks the member name");
    assertInvalid(written().replace("\"type\": \"INT8\"", "\"type\": \"STRUCT_ARRAY\""), "structs");
    assertInvalid(
        written()
            .replaceAll("(?s)\"fields\": \\[\\s*\\{\\s*\"id\": \"103\".*?\\]", "\"fields\": []"),
        "structs");
  }

  @Test
  void areNeitherNullNorKeysNorWithoutMembers() {
    assertThatThrownBy(() -> CLIPS.withNulls(true)).hasMessageContaining("clips");
    assertThatThrownBy(() -> CLIPS.asPrimaryKey(false)).hasMessageContaining("clips");
    assertThatThrownBy(() -> CLIPS.withMembers(List.of())).hasMessageContaining("members");
    assertThatThrownBy(() -> CLIPS.withMembers(List.of(WORD.withNulls(true))))
        .hasMessageContaining("member word");
    assertThatThrownBy(() -> CLIPS.withMembers(List.of(WORD, WORD))).hasMessageContaining("twice");
    assertThatThrownBy(() -> FieldSpec.of("a", FieldType.STRUCT_ARRAY, Map.of()))
        .hasMessageContaining("structs");
  }

  @Test
  void haveVectorsThatAnIndexMayBeOn() {
    CollectionDescription without = manifest(KEY, CLIPS).collections().get(0).description();
    IndexSpec index =
        new IndexSpec("clips[v]", "by_clip", "HNSW", "MAX_SIM_IP", new TreeMap<>(Map.of()));
    CollectionDescription with = without.withIndexes(List.of(index));

    assertThat(without.vectorsWithoutIndex())
        .extracting(FieldSpec::name)
        .containsExactly("clips[v]");
    assertThat(without.vectorsWithoutIndex().get(0).isInside()).isTrue();
    assertThat(with.vectorsWithoutIndex()).isEmpty();
    assertThat(new Excerpt(List.of(), List.of("clips"), "", 1).of(with).indexes())
        .containsExactly(index);
    assertThat(new Excerpt(List.of(), List.of("id"), "", 1).of(with).indexes()).isEmpty();
  }

  @Test
  void areNamedWithTheirMembersWhateverTheirOrder() {
    assertThat(CLIPS.typeText()).isEqualTo("STRUCT_ARRAY of (v FLOAT_VECTOR, word VARCHAR)");
    assertThat(CLIPS.withMembers(List.of(VECTOR, WORD)).typeText()).isEqualTo(CLIPS.typeText());
    assertThat(FieldSpec.arrayOf("a", FieldType.INT8, Map.of()).typeText())
        .isEqualTo("ARRAY of INT8");
    assertThat(NUMBER.typeText()).isEqualTo("INT8");
  }

  private static void assertInvalid(String json, String words) {
    assertThat(json).isNotEqualTo(written());
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_INVALID))
        .hasMessageContaining(words);
  }
}
