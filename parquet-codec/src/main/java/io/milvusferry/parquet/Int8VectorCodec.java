package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.schema.Type;

/** A vector of 8-bit integers, as a list whose length is the dimension. */
final class Int8VectorCodec extends ValueCodec {
  private final int dimension;
  private final int full;

  Int8VectorCodec(FieldSpec field) {
    super(field);
    dimension = field.dimension();
    full = optional() + 1;
  }

  @Override
  Type type() {
    return listOf(ScalarCodec.INT8.type(Type.Repetition.REQUIRED, "element"));
  }

  @Override
  List<String> leaves() {
    return listLeaf();
  }

  @Override
  void writeValue(Column column, int row, List<ColumnWriter> out) {
    Column.Vectors vectors = VectorBuffer.require(column, field);
    for (int i = 0; i < dimension; i++) {
      int value = vectors.bytes().get(row * dimension + i);
      out.get(0).write(value, i == 0 ? 0 : 1, full);
    }
  }

  @Override
  FieldReader reader(List<ColumnReader> leaves, List<Long> values) {
    return new VectorListReader(this, leaves.get(0), values.get(0)) {
      @Override
      void element(ColumnReader from, byte[] bytes, int at, int index) {
        int value = from.getInteger();
        if (value != (byte) value) {
          throw new DamagedPartException("has %d, which is no 8-bit integer".formatted(value));
        }
        bytes[at + index] = (byte) value;
      }
    };
  }
}
