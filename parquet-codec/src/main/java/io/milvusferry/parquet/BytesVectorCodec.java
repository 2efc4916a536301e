package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A binary or 16-bit float vector, as plain binary. Servers string such values together without
 * looking at their length, so it is checked here.
 */
final class BytesVectorCodec extends ValueCodec {
  private final int width;

  BytesVectorCodec(FieldSpec field) {
    super(field);
    width = field.vectorBytes();
  }

  @Override
  Type type() {
    return Types.primitive(PrimitiveTypeName.BINARY, repetition()).named(field.name());
  }

  @Override
  String leaf() {
    return field.name();
  }

  @Override
  void write(Column column, int row, ColumnWriter out) {
    ByteBuffer bytes = VectorBuffer.require(column, field).bytes();
    int at = bytes.arrayOffset() + row * width;
    out.write(Binary.fromReusedByteArray(bytes.array(), at, width), 0, optional());
  }

  @Override
  FieldReader reader(ColumnReader in, long values) {
    LevelReader levels = new LevelReader(field, in, values, optional());
    VectorBuffer vectors = new VectorBuffer(field);
    return new FieldReader() {
      @Override
      public int readRow() {
        levels.startRow();
        levels.requireValue();
        Binary value = in.getBinary();
        if (value.length() != width) {
          throw levels.damage("has a vector of %d bytes".formatted(value.length()));
        }
        int at = vectors.addRow();
        ByteBuffer from = value.toByteBuffer();
        from.get(from.position(), vectors.bytes(), at, width);
        levels.next();
        return width;
      }

      @Override
      public Column take() {
        return vectors.take();
      }

      @Override
      public boolean atEnd() {
        return levels.atEnd();
      }
    };
  }
}
