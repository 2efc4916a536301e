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
    ColumnReader in = leaves.get(0);
    LevelReader levels = new LevelReader(this, in, values.get(0), full);
    VectorBuffer vectors = new VectorBuffer(field);
    return new FieldReader() {
      @Override
      public int readRow() {
        if (!levels.startRow()) {
          vectors.addPlaceholder();
          return 1;
        }
        int at = vectors.addRow();
        for (int i = 0; i < dimension; i++) {
          levels.requireValue();
          int value = in.getInteger();
          if (value != (byte) value) {
            throw levels.damage("has %d, which is no 8-bit integer".formatted(value));
          }
          vectors.bytes()[at + i] = (byte) value;
          if (levels.next() != i < dimension - 1) {
            throw levels.damage("has a vector of another length than %d".formatted(dimension));
          }
        }
        return dimension;
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
