package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which servers import a part, told by its fields; older ones are loaded by insert. */
enum FirstServer {
  /** The first that imports Parquet at all. */
  PARQUET("2.3.4"),
  /** No 2.3 takes a column for 16-bit floats, of whatever type. */
  HALF_FLOATS("2.4.0"),
  /** Nulls and default values; some before end on a column that is not optional. */
  NULLS("2.5.0"),
  /** Sparse vectors as a struct of indices and values. */
  SPARSE_STRUCTS("2.5.8"),
  INT8_VECTORS("2.6.0"),
  STRUCT_ARRAYS("2.6.4"),
  SHAPES_AND_MOMENTS("2.6.6"),
  NULL_VECTORS("2.6.18"),
  LONG_TEXT("3.0.0");

  private final String version;

  FirstServer(String version) {
    this.version = version;
  }

  static String of(List<FieldSpec> fields) {
    return Stream.concat(Stream.of(PARQUET), fields.stream().flatMap(FirstServer::needs))
        .max(Comparator.naturalOrder())
        .orElseThrow()
        .version;
  }

  private static Stream<FirstServer> needs(FieldSpec field) {
    FirstServer type =
        switch (field.type()) {
          case FLOAT16_VECTOR, BFLOAT16_VECTOR -> HALF_FLOATS;
          case SPARSE_FLOAT_VECTOR -> SPARSE_STRUCTS;
          case INT8_VECTOR -> INT8_VECTORS;
          case STRUCT_ARRAY -> STRUCT_ARRAYS;
          case GEOMETRY, TIMESTAMPTZ -> SHAPES_AND_MOMENTS;
          case TEXT -> LONG_TEXT;
          default -> PARQUET;
        };
    boolean optional = field.nullable() || field.defaultValue() != null;
    return optional
        ? Stream.of(type, field.type().isVector() ? NULL_VECTORS : NULLS)
        : Stream.of(type);
  }
}
