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
  /** Long text, which some servers keep apart from the other fields. */
  TEXT,
  JSON,
  /** A shape as well-known text (WKT). */
  GEOMETRY,
  /** A moment in microseconds since 1970-01-01T00:00:00Z. */
  TIMESTAMPTZ,
  ARRAY,
  /** An array of structs, each with a value for every member. */
  STRUCT_ARRAY,
  FLOAT_VECTOR,
  BINARY_VECTOR,
  FLOAT16_VECTOR,
  BFLOAT16_VECTOR,
  INT8_VECTOR,
  SPARSE_FLOAT_VECTOR;

  /** Whether arrays have elements of this type. */
  public boolean isElement() {
    return switch (this) {
      case BOOL, INT8, INT16, INT32, INT64, FLOAT, DOUBLE, VARCHAR -> true;
      default -> false;
    };
  }

  /** Whether structs have members of this type. */
  public boolean isMember() {
    return isElement() || isDenseVector();
  }

  /** Whether each value is a vector, of a fixed dimension or sparse. */
  public boolean isVector() {
    return isDenseVector() || this == SPARSE_FLOAT_VECTOR;
  }

  /** Whether each value is a vector of a fixed dimension. */
  public boolean isDenseVector() {
    return switch (this) {
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR -> true;
      default -> false;
    };
  }

  /** Bytes that one vector of {@code dimension} takes; for dense vectors only. */
  public int vectorBytes(int dimension) {
    return switch (this) {
      case FLOAT_VECTOR -> Math.multiplyExact(4, dimension);
      case FLOAT16_VECTOR, BFLOAT16_VECTOR -> Math.multiplyExact(2, dimension);
      case INT8_VECTOR -> dimension;
      case BINARY_VECTOR -> dimension / 8;
      default -> throw new IllegalStateException(this + " is not a dense vector");
    };
  }
}
