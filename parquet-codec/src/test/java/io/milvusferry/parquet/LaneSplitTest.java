package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneSplitTest {
  private static final int[] FINITE = {
    0, 0x8000_0000, 1, 0x8000_0001, 0x7f7f_ffff, 0xff7f_ffff, 0x3f80_0000, 0x007f_ffff
  };
  private static final int[] OTHER = {
    0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xffff_ffff, 0x7f80_0001, 0xff80_0001
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 33})
  void findsANumberThatIsNotFiniteAtEveryPlaceOfAVector(int dimension) {
    int rows = dimension * OTHER.length + 1;
    ByteBuffer vectors = ByteBuffer.allocate(4 * dimension * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < dimension * rows; i++) {
      vectors.putInt(4 * i, FINITE[i % FINITE.length]);
    }
    boolean[] expected = new boolean[rows];
    for (int row = 0; row < rows - 1; row++) {
      if (row % 2 == 0) {
        int place = row / OTHER.length;
        vectors.putInt(4 * (row * dimension + place), OTHER[row % OTHER.length]);
        expected[row] = true;
      }
    }

    RecordBatch batch = batch(dimension, vectors);
    assertThat(LaneSplit.insertRows(batch)).isEqualTo(expected);
    RecordBatch part = batch.slice(1, rows);
    assertThat(LaneSplit.insertRows(part))
        .isEqualTo(java.util.Arrays.copyOfRange(expected, 1, rows));
  }

  private static RecordBatch batch(int dimension, ByteBuffer vectors) {
    FieldSpec field =
        FieldSpec.of("vector", FieldType.FLOAT_VECTOR, Map.of("dim", String.valueOf(dimension)));
    Column column = new Column.Vectors(4 * dimension, vectors);
    return new RecordBatch(List.of(field), List.of(column), column.rows());
  }
}
