package io.milvusferry.record;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Values that stand for nothing: zeros, empty texts, empty arrays. */
public final class Blanks {
  private Blanks() {}

  /** As many of them as rows, of the kind in which columns of the field are held. */
  public static Column of(FieldSpec field, int rows) {
    return switch (field.type()) {
      case ARRAY ->
          new Column.Array(
              new int[rows + 1], scalars(Objects.requireNonNull(field.elementType()), 0));
      case STRUCT_ARRAY ->
          new Column.Structs(
              new int[rows + 1], field.members().stream().map(member -> of(member, 0)).toList());
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR ->
          new Column.Vectors(
              field.vectorBytes(),
              ByteBuffer.allocate(Math.multiplyExact(rows, field.vectorBytes())));
      default -> scalars(field.type(), rows);
    };
  }

  private static Column scalars(FieldType type, int rows) {
    return switch (type) {
      case BOOL -> new Column.Bool(new boolean[rows]);
      case INT8, INT16, INT32 -> new Column.Int32(new int[rows]);
      case INT64, TIMESTAMPTZ -> new Column.Int64(new long[rows]);
      case FLOAT -> new Column.Float32(new float[rows]);
      case DOUBLE -> new Column.Float64(new double[rows]);
      default -> new Column.Bytes(new int[rows + 1], new byte[0]);
    };
  }
}
