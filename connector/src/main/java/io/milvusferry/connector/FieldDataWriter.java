package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.GeometryWktArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.StructArrayField;
import io.milvus.grpc.VectorArray;
import io.milvus.grpc.VectorField;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.SparseVectors;
import io.milvusferry.record.Timestamps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Turns columns into the fields of an insert request. */
final class FieldDataWriter {
  private FieldDataWriter() {}

  static List<FieldData> write(RecordBatch batch) {
    List<FieldData> data = new ArrayList<>(batch.fields().size());
    for (int i = 0; i < batch.fields().size(); i++) {
      data.add(write(batch.fields().get(i), batch.columns().get(i)));
    }
    return data;
  }

  private static FieldData write(FieldSpec field, Column column) {
    FieldData.Builder data =
        FieldData.newBuilder()
            .setFieldName(field.name())
            .setType(SchemaTranslator.dataType(field.type()))
            .setIsDynamic(field.name().equals(FieldSpec.DYNAMIC));
    if (field.nullable() || field.defaultValue() != null) {
      for (int row = 0; row < column.rows(); row++) {
        data.addValidData(!column.isNull(row));
      }
    }
    return write(field, present(column), data);
  }

  /** The values that are there: a server wants nothing in the place of a null. */
  private static Column present(Column column) {
    return column instanceof Column.Nullable nullable
        ? nullable.values().select(NullMask.rows(nullable.valid()))
        : column;
  }

  private static FieldData write(FieldSpec field, Column column, FieldData.Builder data) {
    if (column instanceof Column.Vectors vectors) {
      return data.setVectors(vectors(field, vectors, 0, vectors.rows())).build();
    }
    if (field.type() == FieldType.SPARSE_FLOAT_VECTOR) {
      return data.setVectors(sparse((Column.Bytes) column)).build();
    }
    if (column instanceof Column.Array array) {
      FieldType type = Objects.requireNonNull(field.elementType());
      return data.setScalars(arrays(type, array.offsets(), array.elements())).build();
    }
    if (column instanceof Column.Structs structs) {
      return data.setStructArrays(structs(field, structs)).build();
    }
    return data.setScalars(scalars(field.type(), column, 0, column.rows())).build();
  }

  private static VectorField sparse(Column.Bytes column) {
    SparseFloatArray.Builder rows = SparseFloatArray.newBuilder();
    long dimension = 0;
    for (int row = 0; row < column.rows(); row++) {
      rows.addContents(value(column, row));
      if (column.length(row) > 0) {
        int last = column.offsets()[row + 1] - SparseVectors.ELEMENT_BYTES;
        dimension =
            Math.max(
                dimension, Integer.toUnsignedLong(SparseVectors.index(column.bytes(), last)) + 1);
      }
    }
    return VectorField.newBuilder()
        .setDim(dimension)
        .setSparseFloatVector(rows.setDim(dimension))
        .build();
  }

  private static VectorField vectors(FieldSpec field, Column.Vectors column, int from, int to) {
    VectorField.Builder vectors = VectorField.newBuilder().setDim(field.dimension());
    int width = column.bytesPerRow();
    ByteBuffer bytes =
        column.bytes().slice(from * width, (to - from) * width).order(ByteOrder.LITTLE_ENDIAN);
    switch (field.type()) {
      case FLOAT_VECTOR -> {
        FloatArray.Builder floats = FloatArray.newBuilder();
        for (int i = 0; i < bytes.limit(); i += Float.BYTES) {
          floats.addData(bytes.getFloat(i));
        }
        vectors.setFloatVector(floats);
      }
      case BINARY_VECTOR -> vectors.setBinaryVector(UnsafeByteOperations.unsafeWrap(bytes));
      case BFLOAT16_VECTOR -> vectors.setBfloat16Vector(UnsafeByteOperations.unsafeWrap(bytes));
      case INT8_VECTOR -> vectors.setInt8Vector(UnsafeByteOperations.unsafeWrap(bytes));
      default -> vectors.setFloat16Vector(UnsafeByteOperations.unsafeWrap(bytes));
    }
    return vectors.build();
  }

  private static ScalarField arrays(FieldType type, int[] offsets, Column elements) {
    ArrayArray.Builder rows =
        ArrayArray.newBuilder().setElementType(SchemaTranslator.dataType(type));
    for (int row = 0; row < offsets.length - 1; row++) {
      rows.addData(scalars(type, elements, offsets[row], offsets[row + 1]));
    }
    return ScalarField.newBuilder().setArrayData(rows).build();
  }

  /** Each member as an array by itself, of scalars or of vectors. */
  private static StructArrayField structs(FieldSpec field, Column.Structs column) {
    StructArrayField.Builder structs = StructArrayField.newBuilder();
    for (int i = 0; i < field.members().size(); i++) {
      FieldSpec member = field.members().get(i);
      Column values = column.members().get(i);
      FieldData.Builder data =
          FieldData.newBuilder()
              .setFieldName(member.name())
              .setType(StructTranslator.arrayType(member));
      if (values instanceof Column.Vectors vectors) {
        data.setVectors(vectorArrays(member, column.offsets(), vectors));
      } else {
        data.setScalars(arrays(member.type(), column.offsets(), values));
      }
      structs.addFields(data);
    }
    return structs.build();
  }

  private static VectorField vectorArrays(FieldSpec member, int[] offsets, Column.Vectors column) {
    VectorArray.Builder rows =
        VectorArray.newBuilder()
            .setDim(member.dimension())
            .setElementType(SchemaTranslator.dataType(member.type()));
    for (int row = 0; row < offsets.length - 1; row++) {
      rows.addData(vectors(member, column, offsets[row], offsets[row + 1]));
    }
    return VectorField.newBuilder().setDim(member.dimension()).setVectorArray(rows).build();
  }

  /** The values from {@code from} up to, but not including, {@code to}. */
  private static ScalarField scalars(FieldType type, Column column, int from, int to) {
    ScalarField.Builder scalars = ScalarField.newBuilder();
    if (column instanceof Column.Bool values) {
      BoolArray.Builder data = BoolArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(values.values()[i]);
      }
      return scalars.setBoolData(data).build();
    }
    if (column instanceof Column.Int32 values) {
      IntArray.Builder data = IntArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(values.values()[i]);
      }
      return scalars.setIntData(data).build();
    }
    if (type == FieldType.TIMESTAMPTZ) {
      StringArray.Builder data = StringArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(Timestamps.format(((Column.Int64) column).values()[i]));
      }
      return scalars.setStringData(data).build();
    }
    if (column instanceof Column.Int64 values) {
      LongArray.Builder data = LongArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(values.values()[i]);
      }
      return scalars.setLongData(data).build();
    }
    if (column instanceof Column.Float32 values) {
      FloatArray.Builder data = FloatArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(values.values()[i]);
      }
      return scalars.setFloatData(data).build();
    }
    if (column instanceof Column.Float64 values) {
      DoubleArray.Builder data = DoubleArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(values.values()[i]);
      }
      return scalars.setDoubleData(data).build();
    }
    return bytes(scalars, type, (Column.Bytes) column, from, to);
  }

  private static ScalarField bytes(
      ScalarField.Builder scalars, FieldType type, Column.Bytes column, int from, int to) {
    if (type == FieldType.JSON) {
      JSONArray.Builder data = JSONArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addData(value(column, i));
      }
      return scalars.setJsonData(data).build();
    }
    if (type == FieldType.GEOMETRY) {
      GeometryWktArray.Builder data = GeometryWktArray.newBuilder();
      for (int i = from; i < to; i++) {
        data.addDataBytes(value(column, i));
      }
      return scalars.setGeometryWktData(data).build();
    }
    StringArray.Builder data = StringArray.newBuilder();
    for (int i = from; i < to; i++) {
      data.addDataBytes(value(column, i));
    }
    return scalars.setStringData(data).build();
  }

  private static ByteString value(Column.Bytes column, int row) {
    return UnsafeByteOperations.unsafeWrap(
        column.bytes(), column.offsets()[row], column.length(row));
  }
}
