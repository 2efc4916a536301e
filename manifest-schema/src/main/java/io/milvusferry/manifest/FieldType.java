package io.milvusferry.manifest;

/** The types of a field, in Milvus' words. A type that is not here is refused, never guessed. */
public enum FieldType {
  BOOL,
  INT8,
  INT16,
  INT32,
  INT64,
  FLOAT,
  DOUBLE,
  VARCHAR,
  JSON,
  ARRAY,
  FLOAT_VECTOR,
  BINARY_VECTOR,
  FLOAT16_VECTOR;

  /** Whether each value is a vector of a fixed dimension. */
  public boolean isDenseVector() {
    return this == FLOAT_VECTOR || this == BINARY_VECTOR || this == FLOAT16_VECTOR;
  }

  /** Bytes that one vector of {@code dimension} takes; for dense vectors only. */
  public int vectorBytes(int dimension) {
    return switch (this) {
      case FLOAT_VECTOR -> Math.multiplyExact(4, dimension);
      case FLOAT16_VECTOR -> Math.multiplyExact(2, dimension);
      case BINARY_VECTOR -> dimension / 8;
      default -> throw new IllegalStateException(this + " is not a dense vector");
    };
  }
}
