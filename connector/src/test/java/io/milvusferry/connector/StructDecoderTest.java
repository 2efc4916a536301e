package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StructArrayField;
import io.milvus.grpc.VectorArray;
import io.milvus.grpc.VectorField;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Structs as a server sends and takes them; all types of members are in {@link PageDecoderTest}.
 */
class StructDecoderTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec CLIPS =
      FieldSpec.structsOf(
          "clips",
          List.of(
              FieldSpec.of("n", FieldType.INT32, Map.of()),
              FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "2"))));

  /** Three rows, of two structs, none and one. */
  private static RecordBatch batch() {
    ByteBuffer vectors = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      vectors.putFloat(4 * i, i);
    }
    return new RecordBatch(
        List.of(KEY, CLIPS),
        List.of(
            new Column.Int64(new long[] {7, 8, 9}),
            new Column.Structs(
                new int[] {0, 2, 2, 3},
                List.of(new Column.Int32(new int[] {1, 2, 3}), new Column.Vectors(8, vectors)))),
        3);
  }

  @Test
  void aServerIsGivenAnArrayForEachMember() {
    FieldData sent = FieldDataWriter.write(batch()).get(1);

    assertThat(sent)
        .isEqualTo(
            FieldData.newBuilder()
                .setFieldName("clips")
                .setType(DataType.ArrayOfStruct)
                .setStructArrays(
                    StructArrayField.newBuilder()
                        .addFields(ints("n", row(1, 2), row(), row(3)).setType(DataType.Array))
                        .addFields(
                            floats("v", floats(0, 1, 2, 3), floats(), floats(4, 5))
                                .setType(DataType.ArrayOfVector)))
                .build());
  }

  @Test
  void whatAServerSendsIsReadUnderTheNamesThatItKeepsToo() {
    RecordBatch read =
        decode(
            floats("clips[v]", floats(0, 1, 2, 3), VectorField.newBuilder(), floats(4, 5)),
            ints("clips[n]", row(1, 2), ScalarField.newBuilder(), row(3)));

    assertThat(read.columns().get(1))
        .usingRecursiveComparison()
        .withEqualsForType(ByteBuffer::equals, ByteBuffer.class)
        .isEqualTo(batch().columns().get(1));
  }

  @Nested
  class IsBroken {
    private final FieldData.Builder n = ints("n", row(1, 2), row(), row(3));
    private final FieldData.Builder v = floats("v", floats(0, 1, 2, 3), floats(), floats(4, 5));

    @Test
    void whereAMemberIsMissing() {
      assertBroken("field clips[v] is missing", n);
      assertBroken("field clips[n] is missing");
    }

    @Test
    void whereAMemberIsNotInTheSchema() {
      assertBroken("members [odd], which its schema has not", n, v, ints("odd", row()));
    }

    @Test
    void whereAMemberIsThereTwice() {
      assertBroken("member n twice", n, v, ints("clips[n]", row(1, 2), row(), row(3)));
    }

    @Test
    void whereAMemberHasFewerRows() {
      assertBroken("field clips[n] has 2 rows of 3", ints("n", row(1, 2), row(3)), v);
      assertBroken("field clips[v] has 1 rows of 3", n, floats("v", floats(0, 1)));
    }

    @Test
    void whereAMemberHasAnotherNumberOfValuesInARow() {
      assertBroken(
          "field clips[v] has 1 values in row 1 of the page, and another member 0",
          n,
          floats("v", floats(0, 1, 2, 3), floats(6, 7), floats(4, 5)));
      assertBroken(
          "field clips[v] has 2 values in row 0 of the page, and another member 1",
          ints("n", row(1), row(2), row(3)),
          v);
    }

    @Test
    void whereAVectorIsCutShort() {
      assertBroken(
          "field clips[v] has 4 bytes in row 2",
          n,
          floats("v", floats(0, 1, 2, 3), floats(), floats(4)));
    }

    @Test
    void whereAMemberIsOfAnotherType() {
      assertBroken(
          "field clips[v] has vectors that are not FLOAT_VECTOR",
          n,
          floats(
              "v",
              VectorField.newBuilder().setBinaryVector(ByteString.copyFrom(new byte[16])),
              floats(),
              floats(4, 5)));
      assertBroken(
          "field clips[n] has elements that are not INT32",
          ints(
              "n",
              ScalarField.newBuilder().setLongData(LongArray.newBuilder().addData(1).addData(2)),
              row(),
              row(3)),
          v);
    }

    @Test
    void whereARowIsNull() {
      assertBroken("field clips[n] has nulls", n.addValidData(true).addValidData(false), v);
      UnknownFieldSet nested =
          UnknownFieldSet.newBuilder()
              .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).addVarint(0).build())
              .build();
      v.setVectors(v.getVectors().toBuilder().setUnknownFields(nested));
      assertBroken("field clips[v] has nulls", n.clearValidData(), v);
    }

    @Test
    void whereTheWholeIsNull() {
      QueryResults.Builder page = page(n, v);
      page.getFieldsDataBuilder(1).addValidData(true).addValidData(true).addValidData(false);

      assertBroken("field clips has nulls", page);
    }

    @Test
    void whereItIsNoStruct() {
      QueryResults.Builder page = page();
      page.getFieldsDataBuilder(1).setScalars(ScalarField.newBuilder());

      assertBroken("field clips[n] is missing", page);
    }

    private void assertBroken(String reason, FieldData.Builder... members) {
      assertBroken(reason, page(members));
    }

    private void assertBroken(String reason, QueryResults.Builder page) {
      FerryException failure =
          catchThrowableOfType(
              FerryException.class,
              () -> new PageDecoder(List.of(KEY, CLIPS)).decode(Answers.of(page.build())));

      assertThat(failure).as(reason).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_REFUSED);
      assertThat(failure).hasMessageContaining(reason);
    }
  }

  private static RecordBatch decode(FieldData.Builder... members) {
    RecordBatch batch =
        new PageDecoder(List.of(KEY, CLIPS)).decode(Answers.of(page(members).build()));
    return java.util.Objects.requireNonNull(batch);
  }

  /** Three rows with these members of their structs. */
  private static QueryResults.Builder page(FieldData.Builder... members) {
    StructArrayField.Builder structs = StructArrayField.newBuilder();
    for (FieldData.Builder member : members) {
      structs.addFields(member);
    }
    return QueryResults.newBuilder()
        .addFieldsData(
            FieldData.newBuilder()
                .setFieldName("id")
                .setScalars(
                    ScalarField.newBuilder()
                        .setLongData(LongArray.newBuilder().addData(7).addData(8).addData(9))))
        .addFieldsData(
            FieldData.newBuilder()
                .setFieldName("clips")
                .setType(DataType.ArrayOfStruct)
                .setStructArrays(structs));
  }

  private static ScalarField.Builder row(int... values) {
    IntArray.Builder data = IntArray.newBuilder();
    for (int value : values) {
      data.addData(value);
    }
    return ScalarField.newBuilder().setIntData(data);
  }

  private static FieldData.Builder ints(String name, ScalarField.Builder... rows) {
    ArrayArray.Builder data = ArrayArray.newBuilder().setElementType(DataType.Int32);
    for (ScalarField.Builder row : rows) {
      data.addData(row);
    }
    return FieldData.newBuilder()
        .setFieldName(name)
        .setScalars(ScalarField.newBuilder().setArrayData(data));
  }

  private static VectorField.Builder floats(float... values) {
    FloatArray.Builder data = FloatArray.newBuilder();
    for (float value : values) {
      data.addData(value);
    }
    return VectorField.newBuilder().setDim(2).setFloatVector(data);
  }

  private static FieldData.Builder floats(String name, VectorField.Builder... rows) {
    VectorArray.Builder data =
        VectorArray.newBuilder().setDim(2).setElementType(DataType.FloatVector);
    for (VectorField.Builder row : rows) {
      data.addData(row);
    }
    return FieldData.newBuilder()
        .setFieldName(name)
        .setVectors(VectorField.newBuilder().setDim(2).setVectorArray(data));
  }
}
