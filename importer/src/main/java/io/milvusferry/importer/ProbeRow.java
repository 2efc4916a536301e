package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Blanks;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.SparseVectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One row of made-up values, which every server takes that can hold its types. */
final class ProbeRow {
  private ProbeRow() {}

  /** Every field of a row, but a key that the server makes. */
  static RecordBatch of(CollectionSchema schema) {
    List<FieldSpec> fields = schema.rowFields().stream().filter(field -> !field.autoId()).toList();
    List<Column> columns = new ArrayList<>();
    fields.forEach(field -> columns.add(column(field)));
    return new RecordBatch(fields, columns, 1);
  }

  private static Column column(FieldSpec field) {
    if (field.type() == FieldType.ARRAY) {
      return new Column.Array(new int[] {0, 1}, value(Objects.requireNonNull(field.elementType())));
    }
    if (field.type() == FieldType.STRUCT_ARRAY) {
      return new Column.Structs(
          new int[] {0, 1}, field.members().stream().map(ProbeRow::column).toList());
    }
    return field.type().isDenseVector() ? Blanks.of(field, 1) : value(field.type());
  }

  private static Column value(FieldType type) {
    return switch (type) {
      case BOOL -> new Column.Bool(new boolean[1]);
      case INT8, INT16, INT32 -> new Column.Int32(new int[] {1});
      case INT64, TIMESTAMPTZ -> new Column.Int64(new long[] {1});
      case FLOAT -> new Column.Float32(new float[] {1});
      case DOUBLE -> new Column.Float64(new double[] {1});
      case VARCHAR, TEXT -> bytes("a".getBytes(StandardCharsets.UTF_8));
      case JSON -> bytes("{}".getBytes(StandardCharsets.UTF_8));
      case GEOMETRY -> bytes("POINT (1 1)".getBytes(StandardCharsets.UTF_8));
      case SPARSE_FLOAT_VECTOR -> {
        byte[] element = new byte[SparseVectors.ELEMENT_BYTES];
        SparseVectors.set(element, 0, 1, Float.floatToRawIntBits(1));
        yield bytes(element);
      }
      default -> throw new IllegalArgumentException("no single value of " + type);
    };
  }

  private static Column bytes(byte[] bytes) {
    return new Column.Bytes(new int[] {0, bytes.length}, bytes);
  }
}
