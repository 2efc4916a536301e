package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.nio.ByteBuffer;
import java.util.List;
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
  List<String> leaves() {
    return List.of(field.name());
  }

  @Override
  void writeValue(Column column, int row, List<ColumnWriter> out) {
    ByteBuffer bytes = VectorBuffer.require(column, field).bytes();
    int at = bytes.arrayOffset() + row * width;
    out.get(0).write(Binary.fromReusedByteArray(bytes.array(), at, width), 0, optional());
  }

  @Override
  FieldReader reader(List<ColumnReader> leaves, List<Long> values) {
    ColumnReader in = leaves.get(0);
    LevelReader levels = new LevelReader(this, in, values.get(0), optional());
    VectorBuffer vectors = new VectorBuffer(field);
    return new FieldReader() {
      @Override
      public int readRow() {
        if (!levels.startRow()) {
          vectors.addPlaceholder();
          return 1;
        }
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
        return levels.column(vectors.take());
      }

      @Override
      public boolean atEnd() {
        return levels.atEnd();
      }
    };
  }
}
