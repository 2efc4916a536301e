package io.milvusferry.parity;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import java.util.Arrays;

/**
 * Rules out rows that cannot be among the nearest, for much less than what their distances cost.
 *
 * <p>Rows are laid side by side, number by number, so that one loop goes on for hundreds of them:
 * such a loop the run-time compiler makes for several numbers at once, which a sum within one row
 * is not. Sums of 32-bit floats depend on their order; what is said here is a bound that holds for
 * any order. For one thread.
 */
final class RoughDistances {
  /** Rows that are measured at once. */
  static final int ROWS = 512;

  /** Numbers of each row that are laid out at once; even. */
  private static final int NUMBERS = 64;

  /** Sums of squares beyond these come of numbers that may be too small, or large, to multiply. */
  private static final double LEAST_SQUARES = 1e-30;

  private static final double GREATEST_SQUARES = 1e36;

  private final FieldType type;
  private final Metric metric;
  private final float[][] queries;
  private final double[] lengths;
  private final int dimension;

  /** The greatest error of a sum, relative to the sum of what its terms are without their signs. */
  private final double error;

  private final float[][] laid = new float[NUMBERS][ROWS];
  private final float[][] sums;
  private final float[] squares = new float[ROWS];

  /**
   * @param type of dense vectors that are not binary
   * @param metric one over numbers
   * @param queries all of one length
   */
  RoughDistances(FieldType type, Metric metric, float[][] queries) {
    this.type = type;
    this.metric = metric;
    dimension = queries[0].length;
    int even = dimension + dimension % 2;
    this.queries = new float[queries.length][];
    lengths = new double[queries.length];
    for (int i = 0; i < queries.length; i++) {
      this.queries[i] = Arrays.copyOf(queries[i], even);
      lengths[i] = length(queries[i]);
    }
    // Each of the two sums has a rounding for each term and for each addition at most.
    error = 4 * (dimension + 4) * 0x1p-24;
    sums = new float[queries.length][ROWS];
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float number : vector) {
      squares += (double) number * number;
    }
    return Math.sqrt(squares);
  }

  /** Measures {@code count} rows from {@code from} on, at most {@link #ROWS}. */
  void measure(Column.Vectors vectors, int from, int count) {
    for (float[] sum : sums) {
      Arrays.fill(sum, 0, count, 0);
    }
    Arrays.fill(squares, 0, count, 0);
    for (int first = 0; first < dimension; first += NUMBERS) {
      int numbers = Math.min(NUMBERS, dimension - first);
      VectorReader.lay(type, vectors, from, count, first, numbers, laid);
      if (numbers % 2 == 1) {
        Arrays.fill(laid[numbers], 0, count, 0);
      }
      for (int i = 0; i < numbers; i += 2) {
        add(first + i, laid[i], laid[i + 1], count);
      }
    }
  }

  /** Adds two numbers of each row to the sums of all queries. */
  private void add(int at, float[] one, float[] other, int count) {
    if (metric != Metric.L2) {
      addSquares(squares, one, other, count);
    }
    for (int i = 0; i < queries.length; i++) {
      if (metric == Metric.L2) {
        addDifferences(sums[i], queries[i][at], one, queries[i][at + 1], other, count);
      } else {
        addProducts(sums[i], queries[i][at], one, queries[i][at + 1], other, count);
      }
    }
  }

  // Two numbers in each turn: with more the loops are not made for several rows at once any more.

  private static void addDifferences(
      float[] sums, float query, float[] one, float and, float[] other, int count) {
    for (int row = 0; row < count; row++) {
      float left = query - one[row];
      float right = and - other[row];
      sums[row] += left * left + right * right;
    }
  }

  private static void addProducts(
      float[] sums, float query, float[] one, float and, float[] other, int count) {
    for (int row = 0; row < count; row++) {
      sums[row] += query * one[row] + and * other[row];
    }
  }

  private static void addSquares(float[] sums, float[] one, float[] other, int count) {
    for (int row = 0; row < count; row++) {
      sums[row] += one[row] * one[row] + other[row] * other[row];
    }
  }

  /**
   * What {@link Metric#distance} is at least; not a number where nothing can be said.
   *
   * @param row among those that were measured last
   */
  double atLeast(int query, int row) {
    double sum = sums[query][row];
    double tiny = dimension * (double) Float.MIN_NORMAL;
    if (metric == Metric.L2) {
      return known(sum * (1 - error) - tiny);
    }
    if (!canMultiply(squares[row]) || !canMultiply(lengths[query] * lengths[query])) {
      return Double.NaN;
    }
    double product = lengths[query] * Math.sqrt(squares[row]);
    return known(
        metric == Metric.IP ? -sum - 2 * error * product - tiny : -sum / product - 4 * error);
  }

  private static boolean canMultiply(double squares) {
    return squares > LEAST_SQUARES && squares < GREATEST_SQUARES;
  }

  /** A sum that went beyond what 32-bit floats hold may have done so in one order alone. */
  private static double known(double bound) {
    return Double.isInfinite(bound) ? Double.NaN : bound;
  }
}
