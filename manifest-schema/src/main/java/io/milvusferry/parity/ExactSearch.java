package io.milvusferry.parity;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.Column;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows nearest to some vectors by looking at every row, once, as the rows pass; rows that
 * a cheaper bound rules out are not measured. Rows without a vector are passed over. For one
 * thread.
 */
public final class ExactSearch {
  private final FieldSpec field;
  private final Metric metric;
  private final RecordBatch queries;
  private final List<Nearest> nearest;
  private final float[][] numbers;
  private final double[] lengths;
  private final float[] terms;
  private final byte[][] bits;
  private final @Nullable RoughDistances rough;

  private ExactSearch(FieldSpec field, Metric metric, RecordBatch queries, int limit) {
    this.field = field;
    this.metric = metric;
    this.queries = queries;
    this.nearest = Stream.generate(() -> new Nearest(limit)).limit(queries.rows()).toList();
    boolean dense = field.type().isDenseVector() && field.type() != FieldType.BINARY_VECTOR;
    terms = new float[dense ? field.dimension() : 0];
    numbers = new float[queries.rows()][dense ? field.dimension() : 0];
    bits =
        new byte[queries.rows()][field.type() == FieldType.BINARY_VECTOR ? field.vectorBytes() : 0];
    lengths = new double[queries.rows()];
    Column column = queries.column(field.name()).filled();
    for (int query = 0; query < queries.rows(); query++) {
      if (dense) {
        VectorReader.read(field.type(), (Column.Vectors) column, query, numbers[query]);
        lengths[query] = metric.length(numbers[query], terms);
      } else if (column instanceof Column.Vectors vectors) {
        vectors.bytes().get(query * bits[query].length, bits[query]);
      }
    }
    rough = dense && queries.rows() > 0 ? new RoughDistances(field.type(), metric, numbers) : null;
  }

  /**
   * A search over a field; empty where the metric of its index is not one that is computed here,
   * such as BM25.
   *
   * @param queries rows whose vectors are searched for; none of them is null
   * @param limit neighbours of each
   */
  public static Optional<ExactSearch> of(
      FieldSpec field, IndexSpec index, RecordBatch queries, int limit) {
    return Metric.of(field, index.metric())
        .map(metric -> new ExactSearch(field, metric, queries, limit));
  }

  /** Looks at the rows of a batch, which carries the key and the field. */
  public void add(RecordBatch batch) {
    Column nullable = batch.column(field.name());
    float[] row = new float[numbers.length == 0 ? 0 : numbers[0].length];
    byte[] rowBits = new byte[bits.length == 0 ? 0 : bits[0].length];
    for (int i = 0; i < batch.rows(); i++) {
      if (rough != null && i % RoughDistances.ROWS == 0) {
        int count = Math.min(RoughDistances.ROWS, batch.rows() - i);
        rough.measure((Column.Vectors) nullable.filled(), i, count);
      }
      if (!nullable.isNull(i) && mayBeNear(i)) {
        add(batch, nullable.filled(), i, row, rowBits);
      }
    }
  }

  /** Whether the row may be among the nearest of any query. */
  private boolean mayBeNear(int i) {
    if (rough == null) {
      return true;
    }
    for (int query = 0; query < nearest.size(); query++) {
      if (!(rough.atLeast(query, i % RoughDistances.ROWS) >= nearest.get(query).bound())) {
        return true;
      }
    }
    return false;
  }

  private void add(RecordBatch batch, Column column, int i, float[] row, byte[] rowBits) {
    double length = 1;
    if (column instanceof Column.Vectors vectors) {
      if (field.type() == FieldType.BINARY_VECTOR) {
        vectors.bytes().get(i * rowBits.length, rowBits);
      } else {
        VectorReader.read(field.type(), vectors, i, row);
        length = metric.length(row, terms);
      }
    }
    for (int query = 0; query < nearest.size(); query++) {
      double distance = distance(query, column, i, row, length * lengths[query], rowBits);
      nearest.get(query).add(distance, () -> batch.key(i));
    }
  }

  private double distance(
      int query, Column column, int i, float[] row, double product, byte[] rowBits) {
    if (column instanceof Column.Bytes sparse) {
      Column.Bytes wanted = (Column.Bytes) queries.column(field.name()).filled();
      return -VectorReader.dot(wanted, query, sparse, i);
    }
    return field.type() == FieldType.BINARY_VECTOR
        ? metric.distance(bits[query], rowBits)
        : metric.distance(numbers[query], row, product, terms);
  }

  /**
   * For each query the keys of its neighbours, nearest first; more than the limit where some are as
   * near as the last one.
   */
  public List<List<Key>> nearest() {
    return nearest.stream().map(Nearest::keys).toList();
  }
}
