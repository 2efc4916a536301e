package io.milvusferry.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DescriptionComparisonTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(true);
  private static final FieldSpec TITLE =
      FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "64"));
  private static final IndexSpec INDEX =
      new IndexSpec("title", "by_title", "Trie", "", new TreeMap<>(Map.of("a", "1")));

  private static CollectionDescription described(
      String name, List<FieldSpec> fields, IndexSpec index, List<String> aliases, int shards) {
    return new CollectionDescription(
        new CollectionName("default", name),
        "",
        new CollectionSchema(false, fields),
        List.of(index),
        List.of("_default", "p"),
        0,
        aliases,
        new TreeMap<>(Map.of("ttl", "5")),
        shards,
        "Bounded",
        LoadState.LOADED,
        1,
        List.of());
  }

  private static CollectionDescription base() {
    return described("a", List.of(KEY, TITLE), INDEX, List.of("x", "y"), 2);
  }

  @Test
  void namesIdsAndOrdersThatDoNotCountAreNoDifference() {
    FieldSpec numbered =
        new FieldSpec(
            104,
            "title",
            FieldType.VARCHAR,
            null,
            false,
            false,
            false,
            false,
            false,
            null,
            new TreeMap<>(Map.of("max_length", "64")),
            "",
            false);
    IndexSpec renamed = new IndexSpec("title", "other", "Trie", "", INDEX.params());
    DescriptionComparison compared =
        DescriptionComparison.of(
            base(),
            described("b", List.of(KEY, numbered), renamed, List.of("y", "x"), 2),
            Set.of());
    assertThat(compared.findings()).isEmpty();
    assertThat(compared.equal()).isTrue();
  }

  @Test
  void eachDifferenceIsNamedByItsPlace() {
    FieldSpec longer = FieldSpec.of("title", FieldType.VARCHAR, Map.of("max_length", "65"));
    IndexSpec other = new IndexSpec("title", "by_title", "Trie", "", new TreeMap<>());
    DescriptionComparison compared =
        DescriptionComparison.of(
            base(),
            described("a", List.of(KEY.asPrimaryKey(false), longer), other, List.of("x"), 3),
            Set.of());
    assertThat(compared.findings())
        .extracting(DescriptionFinding::path)
        .containsExactly(
            "schema.fields.id.autoId",
            "schema.fields.title.typeParams.max_length",
            "indexes.title.params.a",
            "aliases",
            "settings.shards");
    assertThat(compared.findings().get(1).message())
        .isEqualTo(
            "default.a: schema.fields.title.typeParams.max_length differs:"
                + " expected '64', found '65'");
    assertThat(compared.differs(DescriptionFinding.Kind.SCHEMA)).isTrue();
    assertThat(compared.differs(DescriptionFinding.Kind.PROPERTIES)).isFalse();
  }

  @Test
  void missingAndExtraFieldsAreNamedOnce() {
    FieldSpec flag = FieldSpec.of("flag", FieldType.BOOL, Map.of());
    List<DescriptionFinding> findings =
        DescriptionComparison.of(
                base(), described("a", List.of(KEY, flag), INDEX, List.of("x", "y"), 2), Set.of())
            .findings();
    assertThat(findings)
        .extracting(DescriptionFinding::path, DescriptionFinding::expected, f -> f.actual())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("schema.fields.flag", "", "BOOL"),
            org.assertj.core.groups.Tuple.tuple("schema.fields.title", "VARCHAR", ""));
  }

  @Test
  void structsAreComparedMemberByMember() {
    FieldSpec word = FieldSpec.of("word", FieldType.VARCHAR, Map.of("max_length", "8"));
    FieldSpec longer = FieldSpec.of("word", FieldType.VARCHAR, Map.of("max_length", "9"));
    FieldSpec number = FieldSpec.of("number", FieldType.INT8, Map.of());
    FieldSpec wider = FieldSpec.of("number", FieldType.INT16, Map.of());

    assertThat(findings(List.of(word, number), List.of(number, longer)))
        .containsExactly(
            "schema.fields.clips.fields.word.typeParams.max_length: 8, 9",
            "schema.fields.clips.order: [word, number], [number, word]");
    assertThat(findings(List.of(word, number), List.of(word, wider)))
        .containsExactly(
            "schema.fields.clips.type: STRUCT_ARRAY of (number INT8, word VARCHAR),"
                + " STRUCT_ARRAY of (number INT16, word VARCHAR)");
  }

  private static List<String> findings(List<FieldSpec> expected, List<FieldSpec> actual) {
    return DescriptionComparison.of(
            described(
                "a", List.of(KEY, FieldSpec.structsOf("clips", expected)), INDEX, List.of(), 1),
            described("a", List.of(KEY, FieldSpec.structsOf("clips", actual)), INDEX, List.of(), 1),
            Set.of())
        .findings()
        .stream()
        .map(f -> "%s: %s, %s".formatted(f.path(), f.expected(), f.actual()))
        .toList();
  }

  @Test
  void whatWasAnnouncedIsListedApart() {
    CollectionDescription other =
        described("a", List.of(KEY.asPrimaryKey(false), TITLE), INDEX, new ArrayList<>(), 1);
    DescriptionComparison compared =
        DescriptionComparison.of(
            base(), other, Set.of("schema.fields.id.autoId", "settings", "alias"));
    assertThat(compared.findings()).extracting(DescriptionFinding::path).containsExactly("aliases");
    assertThat(compared.declared())
        .extracting(DescriptionFinding::path)
        .containsExactly("schema.fields.id.autoId", "settings.shards");
  }
}
