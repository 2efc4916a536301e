package io.milvusferry.parquet;

import io.milvusferry.manifest.FieldSpec;
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

  FloatVectorCodec(FieldSpec field) {
    super(field);
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
    return new VectorListReader(this, leaves.get(0), values.get(0)) {
      @Override
      void element(ColumnReader from, byte[] bytes, int at, int index) {
        FLOATS.set(bytes, at + Float.BYTES * index, from.getFloat());
      }
    };
  }
}
