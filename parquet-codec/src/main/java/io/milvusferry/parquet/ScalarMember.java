package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.Type;

/** A member of structs that is a single value. */
final class ScalarMember implements StructMember {
  private final String name;
  private final ScalarCodec scalar;

  ScalarMember(FieldSpec member) {
    name = member.name();
    scalar = ScalarCodec.of(member.type());
  }

  @Override
  public Type type() {
    return scalar.type(Type.Repetition.REQUIRED, name);
  }

  @Override
  public String leaf() {
    return name;
  }

  @Override
  public void write(Column values, int struct, int repetition, ColumnWriter out) {
    scalar.write(values, struct, out, repetition, StructArrayCodec.STRUCT);
  }

  @Override
  public Reader reader(ColumnReader in, LevelReader levels) {
    ValueBuffer buffer = scalar.buffer();
    return new Reader(levels) {
      @Override
      int readValue() {
        levels.requireValue();
        int taken = buffer.add(in);
        levels.next();
        return taken;
      }

      @Override
      Column take() {
        return buffer.take();
      }
    };
  }
}
