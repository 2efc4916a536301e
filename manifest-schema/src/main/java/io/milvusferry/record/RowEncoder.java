package io.milvusferry.record;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Turns rows into the bytes that {@code sha256-sum-1} digests; see {@code
 * docs/format/archive-v1.md}. Buffers are used again, so nothing is allocated per row. For one
 * thread.
 */
final class RowEncoder {
  private static final int NULL = 0;
  private static final int PRESENT = 1;

  /** JSON that has no canonical form, as it is. */
  private static final int RAW_JSON = 2;

  private final List<FieldSpec> fields;
  private final int key;
  private final Column[] columns;
  private final int[] starts;
  private final RowBytes out = new RowBytes();
  private final CanonicalJson json = new CanonicalJson();

  /**
   * @param fields what a row consists of, in any order; a batch may carry more
   */
  RowEncoder(List<FieldSpec> fields) {
    this.fields = fields.stream().map(StructColumns::byName).sorted(ORDER).toList();
    this.columns = new Column[fields.size()];
    this.starts = new int[fields.size() + 1];
    this.key = indexOfKey(this.fields);
  }

  static final Comparator<FieldSpec> ORDER =
      Comparator.<FieldSpec, Boolean>comparing(field -> field.name().equals(FieldSpec.DYNAMIC))
          .thenComparing(
              field -> field.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private static int indexOfKey(List<FieldSpec> fields) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).primaryKey()) {
        return i;
      }
    }
    return -1;
  }

  /** The fields in the order in which rows have them. */
  List<FieldSpec> fields() {
    return fields;
  }

  boolean hasKey() {
    return key >= 0;
  }

  /** The rows that are meant from now on. */
  void open(RecordBatch batch) {
    for (int i = 0; i < columns.length; i++) {
      FieldSpec field = fields.get(i);
      Column column = batch.column(field.name());
      if (column instanceof Column.Structs structs) {
        column = StructColumns.byName(batch.field(field.name()), structs);
      }
      if (!holds(field.type(), field, column.filled())) {
        throw new IllegalArgumentException(
            "field %s of type %s is held as %s"
                .formatted(field.name(), field.type(), column.getClass().getSimpleName()));
      }
      columns[i] = column;
    }
  }

  static boolean holds(FieldType type, FieldSpec field, Column column) {
    return switch (type) {
      case BOOL -> column instanceof Column.Bool;
      case INT8, INT16, INT32 -> column instanceof Column.Int32;
      case INT64, TIMESTAMPTZ -> column instanceof Column.Int64;
      case FLOAT -> column instanceof Column.Float32;
      case DOUBLE -> column instanceof Column.Float64;
      case VARCHAR, TEXT, JSON, GEOMETRY, SPARSE_FLOAT_VECTOR -> column instanceof Column.Bytes;
      case ARRAY ->
          column instanceof Column.Array array
              && field.elementType() != null
              && holds(field.elementType(), field, array.elements());
      case STRUCT_ARRAY ->
          column instanceof Column.Structs structs && StructColumns.hold(field, structs);
      case FLOAT_VECTOR, BINARY_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR ->
          column instanceof Column.Vectors;
    };
  }

  /** Encodes one row; the bytes stay until the next call of {@code encode...}. */
  RowBytes encode(int row) {
    out.clear();
    for (int i = 0; i < columns.length; i++) {
      starts[i] = out.length();
      field(fields.get(i).type(), columns[i], row);
    }
    starts[columns.length] = out.length();
    return out;
  }

  private void field(FieldType type, Column column, int row) {
    if (column.isNull(row)) {
      out.putByte(NULL);
    } else if (type == FieldType.JSON) {
      json((Column.Bytes) column.filled(), row);
    } else {
      out.putByte(PRESENT);
      if (type == FieldType.SPARSE_FLOAT_VECTOR) {
        sparse((Column.Bytes) column.filled(), row);
      } else {
        value(column.filled(), row);
      }
    }
  }

  /** Encodes the key of a row alone. */
  RowBytes encodeKey(int row) {
    out.clear();
    value(columns[key], row);
    return out;
  }

  /** Where field {@code index} begins in the row that was encoded last; one more is the end. */
  int start(int index) {
    return starts[index];
  }

  private void value(Column column, int row) {
    if (column instanceof Column.Vectors vectors) {
      int length = vectors.bytesPerRow();
      out.putInt(length);
      out.put(vectors.bytes().array(), vectors.bytes().arrayOffset() + row * length, length);
    } else if (column instanceof Column.Int64 numbers) {
      out.putLong(numbers.values()[row]);
    } else if (column instanceof Column.Bytes texts) {
      int length = texts.length(row);
      out.putInt(length);
      out.put(texts.bytes(), texts.offsets()[row], length);
    } else if (column instanceof Column.Int32 numbers) {
      out.putLong(numbers.values()[row]);
    } else if (column instanceof Column.Float32 numbers) {
      out.putInt(Float.floatToRawIntBits(numbers.values()[row]));
    } else if (column instanceof Column.Float64 numbers) {
      out.putLong(Double.doubleToRawLongBits(numbers.values()[row]));
    } else if (column instanceof Column.Bool flags) {
      out.putByte(flags.values()[row] ? 1 : 0);
    } else if (column instanceof Column.Array array) {
      out.putInt(array.length(row));
      for (int i = array.offsets()[row]; i < array.offsets()[row + 1]; i++) {
        value(array.elements(), i);
      }
    } else if (column instanceof Column.Structs structs) {
      out.putInt(structs.length(row));
      for (Column member : structs.members()) {
        for (int i = structs.offsets()[row]; i < structs.offsets()[row + 1]; i++) {
          value(member, i);
        }
      }
    }
  }

  private void sparse(Column.Bytes vectors, int row) {
    int length = vectors.length(row);
    out.putInt(length / SparseVectors.ELEMENT_BYTES);
    out.put(vectors.bytes(), vectors.offsets()[row], length);
  }

  private void json(Column.Bytes texts, int row) {
    int tag = out.length();
    out.putByte(PRESENT);
    out.putInt(0);
    int start = out.length();
    if (json.write(texts.bytes(), texts.offsets()[row], texts.offsets()[row + 1], out)) {
      out.setInt(tag + 1, out.length() - start);
    } else {
      out.array()[tag] = RAW_JSON;
      out.setInt(tag + 1, texts.length(row));
      out.put(texts.bytes(), texts.offsets()[row], texts.length(row));
    }
  }
}
