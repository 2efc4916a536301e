package io.milvusferry.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoughDistancesTest {
  private static final int ROWS = 700;

  /** Sizes of numbers: usual ones, such as overflow when squared, and such as underflow. */
  private static final float[] SIZES = {1, 1e-3f, 3e19f, 1e-21f, 1e-38f, 0};

  @ParameterizedTest
  @CsvSource({
    "L2, 1",
    "L2, 64",
    "L2, 131",
    "L2, 768",
    "IP, 1",
    "IP, 77",
    "IP, 768",
    "COSINE, 3",
    "COSINE, 768"
  })
  void saysNoMoreThanTheDistanceIsWhateverTheSizeOfTheNumbers(String name, int dimension) {
    Metric metric = Metric.valueOf(name);
    Random random = new Random(dimension);
    ByteBuffer bytes = ByteBuffer.allocate(4 * ROWS * dimension).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < ROWS; row++) {
      float size = row < 500 ? 1 : SIZES[random.nextInt(SIZES.length)];
      for (int i = 0; i < dimension; i++) {
        bytes.putFloat(row == 600 && i == dimension / 2 ? Float.NaN : number(random) * size);
      }
    }
    Column.Vectors vectors = new Column.Vectors(4 * dimension, bytes.flip());
    float[][] queries = new float[][] {read(vectors, 0), read(vectors, 550), read(vectors, 650)};

    RoughDistances rough = new RoughDistances(FieldType.FLOAT_VECTOR, metric, queries);

    int told = 0;
    for (int from = 0; from < ROWS; from += RoughDistances.ROWS) {
      int count = Math.min(RoughDistances.ROWS, ROWS - from);
      rough.measure(vectors, from, count);
      for (int query = 0; query < queries.length; query++) {
        for (int row = 0; row < count; row++) {
          double least = rough.atLeast(query, row);
          double distance = distance(metric, queries[query], read(vectors, from + row));
          assertThat(least > distance)
              .as("query %d, row %d: %s > %s", query, from + row, least, distance)
              .isFalse();
          told +=
              query == 0
                      && from + row < 500
                      && least >= distance - spread(metric, dimension, distance)
                  ? 1
                  : 0;
        }
      }
    }
    assertThat(told).as("rows of which nearly the distance is said").isEqualTo(500);
  }

  @Test
  void laysNumbersOfEveryTypeOut() {
    ByteBuffer bytes = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 60; i++) {
      bytes.put((byte) (i * 37));
    }
    Column.Vectors vectors = (Column.Vectors) new Column.Vectors(20, bytes.flip()).slice(1, 3);
    for (FieldType type :
        new FieldType[] {
          FieldType.FLOAT_VECTOR,
          FieldType.FLOAT16_VECTOR,
          FieldType.BFLOAT16_VECTOR,
          FieldType.INT8_VECTOR
        }) {
      int dimension =
          switch (type) {
            case FLOAT_VECTOR -> 5;
            case INT8_VECTOR -> 20;
            default -> 10;
          };
      float[][] laid = new float[dimension][2];
      VectorReader.lay(type, vectors, 0, 2, 0, dimension, laid);
      float[] numbers = new float[dimension];
      for (int row = 0; row < 2; row++) {
        VectorReader.read(type, vectors, row, numbers);
        for (int i = 0; i < dimension; i++) {
          assertThat(laid[i][row]).as("%s, number %d", type, i).isEqualTo(numbers[i]);
        }
      }
    }
  }

  private static float number(Random random) {
    return (float) random.nextGaussian();
  }

  /** Little beside what distances of such numbers differ by. */
  private static double spread(Metric metric, int dimension, double distance) {
    return switch (metric) {
      case L2 -> 1e-2 * Math.max(1e-3, distance);
      case IP -> 1e-2 * dimension;
      default -> 1e-2;
    };
  }

  private static double distance(Metric metric, float[] query, float[] row) {
    float[] terms = new float[row.length];
    double lengths = metric.length(query, terms) * metric.length(row, terms);
    return metric.distance(query, row, lengths, terms);
  }

  private static float[] read(Column.Vectors vectors, int row) {
    float[] numbers = new float[vectors.bytesPerRow() / Float.BYTES];
    VectorReader.read(FieldType.FLOAT_VECTOR, vectors, row, numbers);
    return numbers;
  }
}
