package io.milvusferry.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Fingerprint;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StructColumnTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec WORD = FieldSpec.of("word", FieldType.VARCHAR, Map.of());
  private static final FieldSpec NUMBER = FieldSpec.of("number", FieldType.INT32, Map.of());
  private static final FieldSpec VECTOR =
      FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "2"));
  private static final FieldSpec CLIPS =
      FieldSpec.structsOf("clips", List.of(WORD, NUMBER, VECTOR));

  /** One value for each struct of each row; struct {@code i} of all tells its number in each. */
  private static Column.Structs structs(int... lengths) {
    int[] offsets = new int[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      offsets[i + 1] = offsets[i] + lengths[i];
    }
    int count = offsets[lengths.length];
    List<String> words = new ArrayList<>();
    int[] numbers = new int[count];
    ByteBuffer vectors = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      words.add("w".repeat(i % 3) + i);
      numbers[i] = i;
      vectors.putFloat(8 * i, i).putFloat(8 * i + 4, -i);
    }
    return new Column.Structs(
        offsets,
        List.of(
            SampleRows.texts(words), new Column.Int32(numbers), new Column.Vectors(8, vectors)));
  }

  private static RecordBatch batch(FieldSpec field, Column column) {
    long[] keys = new long[column.rows()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = i;
    }
    return new RecordBatch(
        List.of(KEY, field), List.of(new Column.Int64(keys), column), keys.length);
  }

  private static Fingerprint fingerprint(FieldSpec compared, RecordBatch batch, int row) {
    RowFingerprint sum = new RowFingerprint(List.of(compared));
    sum.add(batch, row, row + 1);
    return sum.total();
  }

  @Test
  void selectedAndJoinedRowsKeepTheirStructsForRandomChoices() {
    Column.Structs all = structs(2, 0, 1, 4, 0, 3);
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      int[] wanted = random.ints(1 + random.nextInt(9), 0, all.rows()).toArray();
      int cut = random.nextInt(wanted.length + 1);
      Column joined =
          Columns.join(
              List.of(
                  all.select(java.util.Arrays.copyOf(wanted, cut)),
                  all.select(java.util.Arrays.copyOfRange(wanted, cut, wanted.length))));
      RecordBatch batch = batch(CLIPS, joined);
      for (int row = 0; row < wanted.length; row++) {
        assertThat(fingerprint(CLIPS, batch, row))
            .isEqualTo(fingerprint(CLIPS, batch(CLIPS, all), wanted[row]));
      }
    }
  }

  @Test
  void theOrderOfTheMembersDoesNotCountInAFingerprint() {
    Column.Structs column = structs(2, 0, 3);
    FieldSpec turned = CLIPS.withMembers(List.of(VECTOR, WORD, NUMBER));
    Column.Structs other =
        new Column.Structs(
            column.offsets(),
            List.of(column.members().get(2), column.members().get(0), column.members().get(1)));
    for (int row = 0; row < 3; row++) {
      assertThat(fingerprint(CLIPS, batch(turned, other), row))
          .isEqualTo(fingerprint(CLIPS, batch(CLIPS, column), row));
    }
    assertThat(
            RowDifference.between(List.of(CLIPS), batch(CLIPS, column), 2, batch(turned, other), 2)
                .fields())
        .isEmpty();
  }

  @Test
  void whereTheStructsOfOneRowEndCountsInAFingerprint() {
    assertThat(fingerprint(CLIPS, batch(CLIPS, structs(1, 2)), 0))
        .isNotEqualTo(fingerprint(CLIPS, batch(CLIPS, structs(2, 1)), 0));
  }

  @Test
  void aDifferenceNamesTheStructAndTheMember() {
    Column.Structs column = structs(1, 3);
    Column.Vectors vectors = (Column.Vectors) column.members().get(2);
    ByteBuffer changed =
        ByteBuffer.allocate(vectors.bytes().limit()).order(ByteOrder.LITTLE_ENDIAN);
    changed.put(0, vectors.bytes(), 0, changed.limit()).putFloat(8 * 3 + 4, 0.5f);
    Column.Structs other =
        new Column.Structs(
            column.offsets(),
            List.of(
                column.members().get(0), column.members().get(1), new Column.Vectors(8, changed)));

    RowDifference found =
        RowDifference.between(List.of(CLIPS), batch(CLIPS, column), 1, batch(CLIPS, other), 1);

    assertThat(found)
        .isEqualTo(new RowDifference(List.of("clips"), "[2].v: [1] = -3.0", "[2].v: [1] = 0.5"));
    assertThat(
            RowDifference.between(
                List.of(CLIPS), batch(CLIPS, column), 1, batch(CLIPS, structs(2, 2)), 1))
        .isEqualTo(new RowDifference(List.of("clips"), "3 structs", "2 structs"));
    assertThat(
            RowDifference.between(
                List.of(CLIPS), batch(CLIPS, structs(1, 1)), 0, batch(CLIPS, structs(0, 1, 1)), 2))
        .isEqualTo(new RowDifference(List.of("clips"), "[0].number: 0", "[0].number: 1"));
  }

  @Test
  void membersHaveAsManyValuesAsThereAreStructs() {
    List<Column> members = structs(2, 1).members();

    assertThatThrownBy(() -> new Column.Structs(new int[] {0, 2}, members))
        .hasMessageContaining("a member of 2 structs has 3 values");
    assertThatThrownBy(
            () ->
                new Column.Structs(
                    new int[] {0, 1},
                    List.of(Column.nullable(new boolean[1], new Column.Int32(new int[1])))))
        .hasMessageContaining("nulls");
  }

  @Test
  void membersOfOtherTypesAreNotFingerprinted() {
    FieldSpec other = CLIPS.withMembers(List.of(WORD, NUMBER));
    RecordBatch batch = batch(CLIPS, structs(1));

    assertThatThrownBy(() -> fingerprint(other, batch, 0))
        .hasMessageContaining("field clips of type STRUCT_ARRAY is held as Structs");
    assertThatThrownBy(() -> fingerprint(CLIPS, batch(CLIPS, new Column.Int32(new int[1])), 0))
        .hasMessageContaining("held as Int32");
  }

  @Test
  void blankRowsHaveNoStructs() {
    Column blank = Blanks.of(CLIPS, 2);

    assertThat(blank.rows()).isEqualTo(2);
    assertThat(fingerprint(CLIPS, batch(CLIPS, blank), 1))
        .isEqualTo(fingerprint(CLIPS, batch(CLIPS, structs(0)), 0));
    assertThat(structs(2, 1).byteSize()).isEqualTo(12 + (5 + 1 + 16) + 12 + 24);
  }
}
