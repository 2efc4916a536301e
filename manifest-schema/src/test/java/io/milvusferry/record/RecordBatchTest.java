package io.milvusferry.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.digest.Fingerprint;
import io.milvusferry.digest.FingerprintSum;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordBatchTest {
  private static final int ROWS = 7;

  /** One column of each kind; row {@code i} tells its number in every one. */
  private static RecordBatch everyKind() {
    Map<FieldSpec, Column> columns = new TreeMap<>(java.util.Comparator.comparing(FieldSpec::name));
    columns.put(
        FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false),
        new Column.Int64(new long[] {0, 1, 2, 3, 4, 5, 6}));
    columns.put(
        FieldSpec.of("bool", FieldType.BOOL, Map.of()),
        new Column.Bool(new boolean[] {false, true, false, true, false, true, false}));
    columns.put(
        FieldSpec.of("int", FieldType.INT16, Map.of()),
        new Column.Int32(new int[] {0, 1, 2, 3, 4, 5, 6}));
    columns.put(
        FieldSpec.of("float", FieldType.FLOAT, Map.of()),
        new Column.Float32(new float[] {0, -0f, 2, Float.NaN, 4, 5, 6}));
    columns.put(
        FieldSpec.of("double", FieldType.DOUBLE, Map.of()),
        new Column.Float64(new double[] {0, -0d, 2, Double.NaN, 4, 5, 6}));
    columns.put(
        FieldSpec.of("text", FieldType.VARCHAR, Map.of()),
        SampleRows.texts(List.of("", "1", "22", "333", "", "55555", "\u00fc")));
    columns.put(
        FieldSpec.arrayOf("array", FieldType.VARCHAR, Map.of()),
        new Column.Array(
            new int[] {0, 0, 1, 3, 3, 4, 5, 6},
            SampleRows.texts(List.of("1", "2a", "2b", "4", "5", "6"))));
    ByteBuffer vectors = ByteBuffer.allocate(3 * ROWS);
    for (int i = 0; i < 3 * ROWS; i++) {
      vectors.put(i, (byte) (i / 3));
    }
    columns.put(
        FieldSpec.of("vector", FieldType.BINARY_VECTOR, Map.of("dim", "24")),
        new Column.Vectors(3, vectors));
    return new RecordBatch(List.copyOf(columns.keySet()), List.copyOf(columns.values()), ROWS);
  }

  @Test
  void selectingGivesTheseRowsInThisOrderForRandomChoices() {
    RecordBatch batch = everyKind();
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      int[] wanted = random.ints(random.nextInt(12), 0, ROWS).toArray();
      RecordBatch selected = batch.select(wanted);
      assertThat(selected.rows()).isEqualTo(wanted.length);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(fingerprint(selected, i)).isEqualTo(fingerprint(batch, wanted[i]));
        assertThat(selected.key(i)).isEqualTo(batch.key(wanted[i]));
      }
    }
  }

  @Test
  void everyRowOfTheSampleIsAnother() {
    RecordBatch batch = everyKind();
    List<Fingerprint> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(fingerprint(batch, i));
    }
    assertThat(rows).doesNotHaveDuplicates();
  }

  @Test
  void slicesTogetherAreTheWhole() {
    RecordBatch batch = everyKind();
    FingerprintSum sum = new FingerprintSum();
    for (RecordBatch slice : List.of(batch.slice(0, 3), batch.slice(3, 4), batch.slice(4, ROWS))) {
      sum.add(fingerprint(slice));
    }
    assertThat(sum.value()).isEqualTo(fingerprint(batch));
    assertThat(batch.slice(0, ROWS)).isSameAs(batch);
  }

  @Test
  void sizesAddUp() {
    // bool 7, int 28, float 28, double 56, id 56, text 13 + 32, array (8 + 28) + 32, vector 21
    assertThat(everyKind().byteSize()).isEqualTo(7 + 28 + 28 + 56 + 56 + 45 + 68 + 21);
  }

  @Test
  void refusesColumnsOfOtherLengths() {
    RecordBatch batch = everyKind();
    assertThatThrownBy(() -> new RecordBatch(batch.fields(), batch.columns(), ROWS + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 7 rows, the batch 8");
    assertThatThrownBy(() -> new RecordBatch(batch.fields(), List.of(), ROWS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 fields but 0 columns");
  }

  @Test
  void refusesVectorsThatAreNotWhole() {
    assertThatThrownBy(() -> new Column.Vectors(3, ByteBuffer.allocate(10)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aColumnOfAnotherTypeIsNotFingerprinted() {
    RecordBatch batch = everyKind();
    FieldSpec wrong = FieldSpec.of("text", FieldType.DOUBLE, Map.of());
    assertThatThrownBy(() -> new RowFingerprint(List.of(wrong)).add(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field text of type DOUBLE is held as Bytes");
  }

  private static Fingerprint fingerprint(RecordBatch batch) {
    RowFingerprint sum = new RowFingerprint(batch.fields());
    sum.add(batch);
    return sum.total();
  }

  private static Fingerprint fingerprint(RecordBatch batch, int row) {
    RowFingerprint sum = new RowFingerprint(batch.fields());
    sum.add(batch, row, row + 1);
    return sum.total();
  }
}
