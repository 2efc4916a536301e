package io.milvusferry.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.SparseVectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactSearchTest {
  private static final int ROWS = 500;
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);

  private final Random random = new Random(7);

  @ParameterizedTest
  @CsvSource({"L2, 1", "L2, 19", "IP, 8", "IP, 19", "COSINE, 16", "COSINE, 19"})
  void findsTheSameAsAPlainLoopOverFloats(String metric, int dimension) {
    float[][] vectors = new float[ROWS][dimension];
    ByteBuffer bytes = ByteBuffer.allocate(4 * ROWS * dimension).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = (float) random.nextGaussian();
        bytes.putFloat(vector[i]);
      }
    }
    FieldSpec field = vector(FieldType.FLOAT_VECTOR, dimension);

    List<List<Key>> found =
        search(field, metric, new Column.Vectors(4 * dimension, bytes.flip()), 3);

    for (int query = 0; query < 3; query++) {
      float[] wanted = vectors[query];
      assertNearest(found.get(query), row -> distance(metric, wanted, vectors[row]));
    }
  }

  private static double distance(String metric, float[] one, float[] other) {
    double dot = 0;
    double squares = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < one.length; i++) {
      dot += (double) one[i] * other[i];
      squares += Math.pow((double) one[i] - other[i], 2);
      left += (double) one[i] * one[i];
      right += (double) other[i] * other[i];
    }
    return switch (metric) {
      case "L2" -> squares;
      case "IP" -> -dot;
      default -> -dot / Math.sqrt(left * right);
    };
  }

  @ParameterizedTest
  @CsvSource({"HAMMING", "JACCARD"})
  void findsTheSameAsAPlainLoopOverBits(String metric) {
    byte[] bytes = new byte[ROWS * 4];
    random.nextBytes(bytes);
    FieldSpec field = vector(FieldType.BINARY_VECTOR, 32);

    List<Key> found =
        search(field, metric, new Column.Vectors(4, ByteBuffer.wrap(bytes)), 1).get(0);

    ByteBuffer all = ByteBuffer.wrap(bytes);
    assertNearest(
        found,
        row -> {
          int differ = Integer.bitCount(all.getInt(0) ^ all.getInt(4 * row));
          int either = Integer.bitCount(all.getInt(0) | all.getInt(4 * row));
          return metric.equals("HAMMING") ? differ : (double) differ / either;
        });
  }

  @Test
  void takesSixteenBitFloatsAndSmallIntegersForWhatTheyAre() {
    assertThat(VectorReader.half((short) 0x3c00)).isEqualTo(1f);
    assertThat(VectorReader.half((short) 0xc000)).isEqualTo(-2f);
    assertThat(VectorReader.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(VectorReader.half((short) 0x7bff)).isEqualTo(65504f);
    assertThat(VectorReader.half((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(VectorReader.half((short) 0x7e00)).isNaN();
    float[] numbers = new float[2];
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3f, (byte) 0x80, (byte) 0xbf});
    VectorReader.read(FieldType.BFLOAT16_VECTOR, new Column.Vectors(4, bytes), 0, numbers);
    assertThat(numbers).containsExactly(1f, -1f);
    float[] small = new float[4];
    VectorReader.read(FieldType.INT8_VECTOR, new Column.Vectors(4, bytes), 0, small);
    assertThat(small).containsExactly(-128f, 63f, -128f, -65f);
  }

  @Test
  void multipliesSparseVectorsWhereTheirIndicesMeet() {
    byte[] bytes = new byte[5 * SparseVectors.ELEMENT_BYTES];
    int[] indices = {1, -2, 1, 7, -2};
    float[] values = {2, 3, 5, 11, 1};
    for (int i = 0; i < indices.length; i++) {
      SparseVectors.set(bytes, 8 * i, indices[i], Float.floatToRawIntBits(values[i]));
    }
    // {1: 2, 4294967294: 3}, {1: 5, 7: 11}, {4294967294: 1}, {}
    Column column = new Column.Bytes(new int[] {0, 16, 32, 40, 40}, bytes);
    FieldSpec field = FieldSpec.of("v", FieldType.SPARSE_FLOAT_VECTOR, Map.of());
    RecordBatch rows = batch(field, column);
    ExactSearch search = ExactSearch.of(field, index("IP"), rows.slice(0, 1), 2).orElseThrow();
    search.add(rows);
    assertThat(search.nearest().get(0)).containsExactly(new Key.Int64(0), new Key.Int64(1));
    assertThat(rows.rows()).isEqualTo(4);
  }

  @Test
  void passesOverNullsAndHasTheRowsThatTieWithTheLastOne() {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : new float[] {0, 0, 1, -1}) {
      bytes.putFloat(number);
    }
    FieldSpec field = vector(FieldType.FLOAT_VECTOR, 1).withNulls(true);
    Column values = new Column.Vectors(4, bytes.flip());
    RecordBatch rows =
        batch(field, Column.nullable(new boolean[] {true, false, true, true}, values));
    ExactSearch search = ExactSearch.of(field, index("L2"), rows.slice(0, 1), 2).orElseThrow();
    search.add(rows);
    assertThat(search.nearest().get(0))
        .containsExactly(new Key.Int64(0), new Key.Int64(2), new Key.Int64(3));
  }

  @Test
  void isNotMadeForAMetricThatOnlyAServerComputes() {
    FieldSpec field = FieldSpec.of("v", FieldType.SPARSE_FLOAT_VECTOR, Map.of());
    RecordBatch rows = batch(field, new Column.Bytes(new int[] {0, 0}, new byte[0]));
    assertThat(ExactSearch.of(field, index("BM25"), rows, 2)).isEmpty();
  }

  private static List<List<Key>> search(
      FieldSpec field, String metric, Column column, int queries) {
    RecordBatch rows = batch(field, column);
    ExactSearch search =
        ExactSearch.of(field, index(metric), rows.slice(0, queries), 10).orElseThrow();
    search.add(rows.slice(0, 123));
    search.add(rows.slice(123, ROWS));
    return search.nearest();
  }

  private static void assertNearest(List<Key> found, IntToDoubleFunction distance) {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
    rows.sort(Comparator.comparingDouble(distance::applyAsDouble));
    double tenth = distance.applyAsDouble(rows.get(9));
    assertThat(found.size()).isBetween(10, 40);
    assertThat(found)
        .allSatisfy(
            key ->
                assertThat(distance.applyAsDouble((int) ((Key.Int64) key).value()))
                    .isLessThanOrEqualTo(tenth + 1e-4));
    assertThat(found.get(0)).isEqualTo(new Key.Int64(rows.get(0)));
  }

  private static FieldSpec vector(FieldType type, int dimension) {
    return FieldSpec.of("v", type, Map.of("dim", Integer.toString(dimension)));
  }

  private static IndexSpec index(String metric) {
    return new IndexSpec("v", "v", "HNSW", metric, new TreeMap<>());
  }

  private static RecordBatch batch(FieldSpec field, Column column) {
    long[] keys = new long[column.rows()];
    Arrays.setAll(keys, i -> i);
    return new RecordBatch(
        List.of(KEY, field), List.of(new Column.Int64(keys), column), column.rows());
  }
}
