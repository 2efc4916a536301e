package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.Type;

/**
 * A vector of 32-bit floats, as a list whose length is the dimension; {@link FloatVectorPages}
 * writes it.
 */
final class FloatVectorCodec extends FieldCodec {
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private final int dimension;
  private final int full;

  FloatVectorCodec(FieldSpec field) {
    super(field);
    dimension = field.dimension();
    full = optional() + 1;
  }

  @Override
  Type type() {
    return listOf(ScalarCodec.FLOAT.type(Type.Repetition.REQUIRED, "element"));
  }

  @Override
  List<String> leaves() {
    return listLeaf();
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
        byte[] bytes = vectors.bytes();
        for (int i = 0; i < dimension; i++) {
          levels.requireValue();
          FLOATS.set(bytes, at + Float.BYTES * i, in.getFloat());
          if (levels.next() != i < dimension - 1) {
            throw levels.damage("has a vector of another length than %d".formatted(dimension));
          }
        }
        return field.vectorBytes();
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
