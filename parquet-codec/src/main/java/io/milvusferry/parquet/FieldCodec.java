package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * One field as a Parquet column, in both directions. Most fields have one leaf column; a sparse
 * vector has two, an array of structs one for each member.
 *
 * <p>Fields are REQUIRED, but OPTIONAL where nullable or with a default, since some servers crash
 * on such a field otherwise.
 */
abstract class FieldCodec {
  final FieldSpec field;

  FieldCodec(FieldSpec field) {
    this.field = field;
  }

  static FieldCodec of(FieldSpec field) {
    return switch (field.type()) {
      case BOOL,
          INT8,
          INT16,
          INT32,
          INT64,
          FLOAT,
          DOUBLE,
          VARCHAR,
          TEXT,
          JSON,
          GEOMETRY,
          TIMESTAMPTZ ->
          new ScalarFieldCodec(field);
      case ARRAY -> new ArrayFieldCodec(field);
      case STRUCT_ARRAY -> new StructArrayCodec(field);
      case FLOAT_VECTOR -> new FloatVectorCodec(field);
      case BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR -> new BytesVectorCodec(field);
      case INT8_VECTOR -> new Int8VectorCodec(field);
      case SPARSE_FLOAT_VECTOR -> new SparseVectorCodec(field);
    };
  }

  /** The column's type in the schema of a part. */
  abstract Type type();

  /** Paths of the leaf columns, as Parquet's settings name them. */
  abstract List<String> leaves();

  /** For each leaf what its values are of: the field, or a member of it. */
  List<FieldSpec> held() {
    return Collections.nCopies(leaves().size(), field);
  }

  /**
   * Reads the rows of one row group.
   *
   * @param in one reader for each leaf
   * @param values how many values each of them has
   */
  abstract FieldReader reader(List<ColumnReader> in, List<Long> values);

  /** Reads one field row by row. */
  interface FieldReader {
    /**
     * Appends the next row and returns the bytes that it takes.
     *
     * @throws DamagedPartException when there is no such row
     */
    int readRow();

    /** The rows since the last call as a column. */
    Column take();

    /** Whether every value of the row group was read. */
    boolean atEnd();
  }

  /** Of the field as a whole. */
  final Type.Repetition repetition() {
    return optional() == 1 ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
  }

  /** Definition levels that the field's optionality adds. */
  final int optional() {
    return field.nullable() || field.defaultValue() != null ? 1 : 0;
  }

  /** Refuses a null where the field has none. */
  final void requireOptional() {
    if (optional() == 0) {
      throw new IllegalArgumentException("field %s has a null".formatted(field.name()));
    }
  }

  /** The three-level list that every reader knows, with required elements. */
  final Type listOf(Type element) {
    return listOf(repetition(), element, field.name());
  }

  static Type listOf(Type.Repetition repetition, Type element, String name) {
    return Types.buildGroup(repetition)
        .as(org.apache.parquet.schema.LogicalTypeAnnotation.listType())
        .addField(Types.repeatedGroup().addField(element).named("list"))
        .named(name);
  }

  final List<String> listLeaf() {
    return List.of(field.name() + ".list.element");
  }
}
