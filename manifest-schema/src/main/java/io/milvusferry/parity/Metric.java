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
   * @param terms room for as many numbers, to work in
   */
  double distance(float[] query, float[] row, double lengths, float[] terms) {
    return switch (this) {
      case L2 -> squares(query, row, terms);
      case IP -> -dot(query, row, terms);
      case COSINE -> lengths == 0 ? 0 : -dot(query, row, terms) / lengths;
      case HAMMING, JACCARD -> throw new IllegalStateException(this + " is for bits");
    };
  }

  /**
   * What {@link #distance} wants of each of its vectors; the same for all where it wants nothing.
   */
  double length(float[] vector, float[] terms) {
    return this == COSINE ? Math.sqrt(dot(vector, vector, terms)) : 1;
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

  private static double dot(float[] one, float[] other, float[] terms) {
    int length = one.length;
    for (int i = 0; i < length; i++) {
      terms[i] = one[i] * other[i];
    }
    return sum(terms, length);
  }

  private static double squares(float[] one, float[] other, float[] terms) {
    int length = one.length;
    for (int i = 0; i < length; i++) {
      float difference = one[i] - other[i];
      terms[i] = difference * difference;
    }
    return sum(terms, length);
  }

  // Terms come first, as a loop without a sum is made for several numbers at once. Then four sums
  // go
  // on side by side, since one alone waits for each addition.

  private static double sum(float[] terms, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      a += terms[i];
      b += terms[i + 1];
      c += terms[i + 2];
      d += terms[i + 3];
    }
    double sum = (double) a + b + c + d;
    for (; i < length; i++) {
      sum += terms[i];
    }
    return sum;
  }
}
