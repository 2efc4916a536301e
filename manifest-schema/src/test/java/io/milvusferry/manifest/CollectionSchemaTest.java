package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CollectionSchemaTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(true);
  private static final FieldSpec COMPUTED =
      new FieldSpec(
          0,
          "computed",
          FieldType.FLOAT_VECTOR,
          null,
          false,
          false,
          false,
          false,
          false,
          null,
          new TreeMap<>(Map.of("dim", "4")),
          "",
          true);

  @Test
  void rowsCarryAllButFunctionOutputsAndTheDynamicFieldLast() {
    FieldSpec tag = FieldSpec.of("a", FieldType.VARCHAR, Map.of("max_length", "9"));
    CollectionSchema schema = new CollectionSchema(true, List.of(KEY, COMPUTED, tag));
    assertThat(schema.rowFields()).extracting(FieldSpec::name).containsExactly("id", "a", "$meta");
    assertThat(schema.primaryKey()).isEqualTo(KEY);
    assertThat(schema.field("computed")).isEmpty();
    assertThat(schema.field("$meta")).isPresent();
  }

  @Test
  void hasExactlyOneKey() {
    assertThatThrownBy(() -> new CollectionSchema(false, List.of(COMPUTED)))
        .isInstanceOf(IllegalArgumentException.class);
    FieldSpec second = FieldSpec.of("id2", FieldType.INT64, Map.of()).asPrimaryKey(false);
    assertThatThrownBy(() -> new CollectionSchema(false, List.of(KEY, second)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hasNoNameTwice() {
    FieldSpec same = FieldSpec.of("id", FieldType.BOOL, Map.of());
    assertThatThrownBy(() -> new CollectionSchema(false, List.of(KEY, same)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same name");
  }

  @Test
  void vectorsTakeTheBytesOfTheirType() {
    assertThat(vector(FieldType.FLOAT_VECTOR).vectorBytes()).isEqualTo(64);
    assertThat(vector(FieldType.FLOAT16_VECTOR).vectorBytes()).isEqualTo(32);
    assertThat(vector(FieldType.BINARY_VECTOR).vectorBytes()).isEqualTo(2);
    assertThatThrownBy(KEY::vectorBytes).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void onlyArraysHaveElements() {
    assertThatThrownBy(() -> FieldSpec.of("a", FieldType.ARRAY, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static FieldSpec vector(FieldType type) {
    return FieldSpec.of("v", type, Map.of("dim", "16"));
  }
}
