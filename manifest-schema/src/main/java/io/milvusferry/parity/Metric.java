package io.milvusferry.parity;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.util.Optional;

/** How far apart two vectors are, in Milvus' words. Smaller is nearer, for all of them. */
enum Metric {
  /** The square of the Euclidean distance. */
  L2,
  /** The inner product, negated. */
  IP,
  /** The cosine, negated; 0 for a vector of zeros. */
  COSINE,
  /** Bits that differ. */
  HAMMING,
  /** One less the share of common bits among all that are set; 0 where none is. */
  JACCARD;

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

  /**
   * Of two vectors of one length.
   *
   * @param lengths the product of their {@link #length}s
   */
  double distance(float[] query, float[] row, double lengths) {
    return switch (this) {
      case L2 -> squares(query, row);
      case IP -> -dot(query, row);
      case COSINE -> lengths == 0 ? 0 : -dot(query, row) / lengths;
      case HAMMING, JACCARD -> throw new IllegalStateException(this + " is for bits");
    };
  }

  /**
   * What {@link #distance} wants of each of its vectors; the same for all where it wants nothing.
   */
  double length(float[] vector) {
    return this == COSINE ? Math.sqrt(dot(vector, vector)) : 1;
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

  // Four sums go on side by side, since one alone waits for each addition.

  private static double dot(float[] one, float[] other) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < one.length; i += 4) {
      a += one[i] * other[i];
      b += one[i + 1] * other[i + 1];
      c += one[i + 2] * other[i + 2];
      d += one[i + 3] * other[i + 3];
    }
    double sum = (double) a + b + c + d;
    for (; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  private static double squares(float[] one, float[] other) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < one.length; i += 4) {
      a += (one[i] - other[i]) * (one[i] - other[i]);
      b += (one[i + 1] - other[i + 1]) * (one[i + 1] - other[i + 1]);
      c += (one[i + 2] - other[i + 2]) * (one[i + 2] - other[i + 2]);
      d += (one[i + 3] - other[i + 3]) * (one[i + 3] - other[i + 3]);
    }
    double sum = (double) a + b + c + d;
    for (; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }
}
