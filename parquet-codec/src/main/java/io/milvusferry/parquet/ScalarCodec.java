package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.Timestamps;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** How single values of one type lie in Parquet: as a field of their own, or as list elements. */
enum ScalarCodec {
  BOOL(PrimitiveTypeName.BOOLEAN) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(((Column.Bool) column).values()[index], repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Bools();
    }
  },
  INT8(PrimitiveTypeName.INT32) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(within(column, index, Byte.MIN_VALUE, Byte.MAX_VALUE), repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Ints(Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
  },
  INT16(PrimitiveTypeName.INT32) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(within(column, index, Short.MIN_VALUE, Short.MAX_VALUE), repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Ints(Short.MIN_VALUE, Short.MAX_VALUE);
    }
  },
  INT32(PrimitiveTypeName.INT32) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(((Column.Int32) column).values()[index], repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Ints(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  },
  INT64(PrimitiveTypeName.INT64) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(((Column.Int64) column).values()[index], repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Longs();
    }
  },
  FLOAT(PrimitiveTypeName.FLOAT) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(((Column.Float32) column).values()[index], repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Floats();
    }
  },
  DOUBLE(PrimitiveTypeName.DOUBLE) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      out.write(((Column.Float64) column).values()[index], repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Doubles();
    }
  },
  /** A moment as ISO 8601 text, which is what imports take. */
  MOMENT(PrimitiveTypeName.BINARY) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      long micros = ((Column.Int64) column).values()[index];
      out.write(Binary.fromString(Timestamps.format(micros)), repetition, definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Moments();
    }
  },
  /** All texts; never the JSON annotation, which imports do not take for text. */
  TEXT(PrimitiveTypeName.BINARY) {
    @Override
    void write(Column column, int index, ColumnWriter out, int repetition, int definition) {
      Column.Bytes text = (Column.Bytes) column;
      out.write(
          Binary.fromReusedByteArray(text.bytes(), text.offsets()[index], text.length(index)),
          repetition,
          definition);
    }

    @Override
    ValueBuffer buffer() {
      return new ValueBuffer.Texts();
    }
  };

  private final PrimitiveTypeName primitive;

  ScalarCodec(PrimitiveTypeName primitive) {
    this.primitive = primitive;
  }

  /** The codec of a type that is neither an array nor a vector. */
  static ScalarCodec of(FieldType type) {
    return switch (type) {
      case BOOL -> BOOL;
      case INT8 -> INT8;
      case INT16 -> INT16;
      case INT32 -> INT32;
      case INT64 -> INT64;
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
      case VARCHAR, TEXT, JSON, GEOMETRY -> TEXT;
      case TIMESTAMPTZ -> MOMENT;
      case ARRAY,
          STRUCT_ARRAY,
          FLOAT_VECTOR,
          BINARY_VECTOR,
          FLOAT16_VECTOR,
          BFLOAT16_VECTOR,
          INT8_VECTOR,
          SPARSE_FLOAT_VECTOR ->
          throw new IllegalArgumentException(type + " is no scalar");
    };
  }

  PrimitiveType type(Type.Repetition repetition, String name) {
    return Types.primitive(primitive, repetition).as(annotation()).named(name);
  }

  private @Nullable LogicalTypeAnnotation annotation() {
    return switch (this) {
      case INT8 -> LogicalTypeAnnotation.intType(8, true);
      case INT16 -> LogicalTypeAnnotation.intType(16, true);
      case TEXT, MOMENT -> LogicalTypeAnnotation.stringType();
      case BOOL, INT32, INT64, FLOAT, DOUBLE -> null;
    };
  }

  /** Writes the value at {@code index} of a column of this type. */
  abstract void write(Column column, int index, ColumnWriter out, int repetition, int definition);

  /** Where values that are read gather. */
  abstract ValueBuffer buffer();

  private static int within(Column column, int index, int least, int greatest) {
    int value = ((Column.Int32) column).values()[index];
    if (value < least || value > greatest) {
      throw new IllegalArgumentException(
          "%d is not between %d and %d".formatted(value, least, greatest));
    }
    return value;
  }
}
