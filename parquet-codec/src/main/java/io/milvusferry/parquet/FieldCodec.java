package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * One field as a Parquet column, in both directions. Every field has exactly one leaf column.
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
      case BOOL, INT8, INT16, INT32, INT64, FLOAT, DOUBLE, VARCHAR, JSON ->
          new ScalarFieldCodec(field);
      case ARRAY -> new ArrayFieldCodec(field);
      case FLOAT_VECTOR -> new FloatVectorCodec(field);
      case BINARY_VECTOR, FLOAT16_VECTOR -> new BytesVectorCodec(field);
    };
  }

  /** The column's type in the schema of a part. */
  abstract Type type();

  /** Path of the leaf column, as Parquet's settings name it. */
  abstract String leaf();

  /**
   * Reads the rows of one row group.
   *
   * @param values how many values {@code in} has
   */
  abstract FieldReader reader(ColumnReader in, long values);

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

  /** The three-level list that every reader knows, with required elements. */
  final Type listOf(Type element) {
    return Types.buildGroup(repetition())
        .as(org.apache.parquet.schema.LogicalTypeAnnotation.listType())
        .addField(Types.repeatedGroup().addField(element).named("list"))
        .named(field.name());
  }

  final String listLeaf() {
    return field.name() + ".list.element";
  }
}
