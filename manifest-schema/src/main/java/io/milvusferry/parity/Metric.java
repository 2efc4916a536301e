package io.milvusferry.parity;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.Optional;

/** How far apart two vectors are, in Milvus' words. Smaller is nearer, for all of them. */
enum Metric {
  /** The square of the Euclidean distance. */
  L2 {
    @Override
    double distance(float[] query, float[] row) {
      float[] sums = new float[LANES];
      int i = 0;
      for (; i + LANES <= query.length; i += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          float difference = query[i + lane] - row[i + lane];
          sums[lane] += difference * difference;
        }
      }
      double sum = total(sums);
      for (; i < query.length; i++) {
        sum += (query[i] - row[i]) * (query[i] - row[i]);
      }
      return sum;
    }
  },
  /** The inner product, negated. */
  IP {
    @Override
    double distance(float[] query, float[] row) {
      return -dot(query, row);
    }
  },
  /** The cosine, negated; 0 for a vector of zeros. */
  COSINE {
    @Override
    double distance(float[] query, float[] row) {
      double length = Math.sqrt(dot(query, query) * dot(row, row));
      return length == 0 ? 0 : -dot(query, row) / length;
    }
  },
  /** Bits that differ. */
  HAMMING,
  /** One less the share of common bits among all that are set; 0 where none is. */
  JACCARD;

  /** Sums that go on side by side, since one sum waits for each addition. */
  private static final int LANES = 8;

  /** The metric of that name over a field's vectors; empty where it is not computed here. */
  static Optional<Metric> of(FieldSpec field, String name) {
    for (Metric metric : values()) {
      if (metric.name().equals(name) && metric.fits(field.type())) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }

  private boolean fits(FieldType type) {
    boolean bits = this == HAMMING || this == JACCARD;
    return type == FieldType.SPARSE_FLOAT_VECTOR
        ? this == IP
        : type.isDenseVector() && bits == (type == FieldType.BINARY_VECTOR);
  }

  /** Of two vectors of one length. */
  double distance(float[] query, float[] row) {
    throw new IllegalStateException(this + " is for bits");
  }

  /** Of two vectors of bits of one length. */
  double distance(byte[] query, byte[] row) {
    int differ = 0;
    int common = 0;
    for (int i = 0; i < query.length; i++) {
      differ += Integer.bitCount((query[i] ^ row[i]) & 0xff);
      common += Integer.bitCount(query[i] & row[i] & 0xff);
    }
    if (this == HAMMING) {
      return differ;
    }
    return differ + common == 0 ? 0 : (double) differ / (differ + common);
  }

  private static double dot(float[] query, float[] row) {
    float[] sums = new float[LANES];
    int i = 0;
    for (; i + LANES <= query.length; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        sums[lane] += query[i + lane] * row[i + lane];
      }
    }
    double sum = total(sums);
    for (; i < query.length; i++) {
      sum += query[i] * row[i];
    }
    return sum;
  }

  private static double total(float[] sums) {
    double total = 0;
    for (float sum : sums) {
      total += sum;
    }
    return total;
  }
}
