package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A member of structs that is a dense vector: a list of floats, of 8-bit integers, or of bytes for
 * vectors whose elements are neither.
 */
final class VectorMember implements StructMember {
  /** Definition level of an element; vectors are never empty. */
  private static final int ELEMENT = StructArrayCodec.STRUCT + 1;

  /** Repetition level of an element that is not the first of its vector. */
  private static final int WITHIN = 2;

  private final FieldSpec member;
  private final int elements;

  VectorMember(FieldSpec member) {
    this.member = member;
    elements = isFloat() ? member.dimension() : member.vectorBytes();
  }

  private boolean isFloat() {
    return member.type() == FieldType.FLOAT_VECTOR;
  }

  private boolean isSigned() {
    return member.type() == FieldType.INT8_VECTOR;
  }

  @Override
  public Type type() {
    Type element =
        isFloat()
            ? Types.required(PrimitiveTypeName.FLOAT).named("element")
            : Types.required(PrimitiveTypeName.INT32)
                .as(LogicalTypeAnnotation.intType(8, isSigned()))
                .named("element");
    return FieldCodec.listOf(Type.Repetition.REQUIRED, element, member.name());
  }

  @Override
  public String leaf() {
    return member.name() + ".list.element";
  }

  @Override
  public void write(Column values, int struct, int repetition, ColumnWriter out) {
    Column.Vectors vectors = VectorBuffer.require(values, member);
    ByteBuffer bytes = vectors.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = struct * vectors.bytesPerRow();
    for (int i = 0; i < elements; i++) {
      int level = i == 0 ? repetition : WITHIN;
      if (isFloat()) {
        out.write(bytes.getFloat(at + Float.BYTES * i), level, ELEMENT);
      } else {
        int value = bytes.get(at + i);
        out.write(isSigned() ? value : value & 0xff, level, ELEMENT);
      }
    }
  }

  @Override
  public Reader reader(ColumnReader in, LevelReader levels) {
    VectorBuffer vectors = new VectorBuffer(member);
    return new Reader(levels) {
      @Override
      int readValue() {
        int at = vectors.addRow();
        ByteBuffer bytes = ByteBuffer.wrap(vectors.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
          levels.requireAt(ELEMENT);
          element(in, bytes, at, i);
          levels.next();
          if (levels.repeats(WITHIN) != i < elements - 1) {
            throw levels.damage(
                "has a vector %s of another length than %d".formatted(member.name(), elements));
          }
        }
        return member.vectorBytes();
      }

      @Override
      Column take() {
        return vectors.take();
      }
    };
  }

  private void element(ColumnReader in, ByteBuffer bytes, int at, int index) {
    if (isFloat()) {
      bytes.putInt(at + Float.BYTES * index, Float.floatToRawIntBits(in.getFloat()));
      return;
    }
    int value = in.getInteger();
    if (value != (isSigned() ? (byte) value : value & 0xff)) {
      throw new DamagedPartException("has %d, which is no 8-bit integer".formatted(value));
    }
    bytes.put(at + index, (byte) value);
  }
}
