package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageDecoderTest {
  private static final FieldSpec KEY =
      FieldSpec.of("id", FieldType.INT64, Map.of()).asPrimaryKey(false);
  private static final FieldSpec VECTOR =
      FieldSpec.of("v", FieldType.FLOAT_VECTOR, Map.of("dim", "2"));

  @Nested
  class RowsThatFieldDataWriterWrote {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void comeBackAsTheyWereForEveryType(long seed) {
      List<FieldSpec> fields = SampleBatches.fields();
      RecordBatch batch = new SampleBatches(seed).batch(fields, -3, 40);

      assertSame(decode(fields, page(batch)), batch);
    }

    @Test
    void haveOneDoubleThatIsNotANumberWhicheverTheServerHandsBack() {
      FieldSpec field = FieldSpec.of("d", FieldType.DOUBLE, Map.of());
      double[] sent = {Double.longBitsToDouble(0x7FF8000000000001L), -0.0, Double.MIN_VALUE};
      RecordBatch batch =
          new RecordBatch(
              List.of(KEY, field),
              List.of(new Column.Int64(new long[] {1, 2, 3}), new Column.Float64(sent)),
              3);

      Column.Float64 read =
          (Column.Float64) decode(List.of(KEY, field), page(batch)).columns().get(1);

      assertThat(Arrays.stream(read.values()).mapToLong(Double::doubleToRawLongBits))
          .containsExactly(0x7FF8000000000000L, 0x8000000000000000L, 1L);
    }

    @Test
    void comeBackWithTheFieldsInTheOrderAskedForNotInThatOfTheServer() {
      List<FieldSpec> fields = SampleBatches.fields();
      RecordBatch batch = new SampleBatches(6).batch(fields, 0, 7);
      List<FieldData> shuffled = new ArrayList<>(FieldDataWriter.write(batch));
      Collections.shuffle(shuffled, new Random(6));

      assertSame(decode(fields, QueryResults.newBuilder().addAllFieldsData(shuffled)), batch);
    }

    @Test
    void comeBackWithoutTheFieldsThatNobodyAskedFor() {
      List<FieldSpec> fields = SampleBatches.fields();
      RecordBatch batch = new SampleBatches(7).batch(fields, 0, 7);

      RecordBatch keys = decode(List.of(fields.get(0)), page(batch));

      assertThat(keys.fields()).containsExactly(fields.get(0));
      assertThat(keys.rows()).isEqualTo(7);
    }

    @Test
    void comeBackForTextKeys() {
      List<FieldSpec> fields =
          List.of(
              FieldSpec.of("id", FieldType.VARCHAR, Map.of("max_length", "99")).asPrimaryKey(false),
              VECTOR);
      RecordBatch batch = new SampleBatches(8).batch(fields, 0, 7);

      assertSame(decode(fields, page(batch)), batch);
    }

    @Test
    void areLittleEndianAndAsManyBytesAsTheDimensionSays() {
      RecordBatch batch = decode(List.of(KEY, VECTOR), page(longs("id", 1), floats("v", 1f, -2f)));

      Column.Vectors vectors = (Column.Vectors) batch.column("v");
      byte[] bytes = new byte[8];
      vectors.bytes().get(0, bytes);
      assertThat(bytes).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    }

    private void assertSame(RecordBatch actual, RecordBatch expected) {
      assertThat(actual.rows()).isEqualTo(expected.rows());
      assertThat(actual.fields()).isEqualTo(expected.fields());
      for (int i = 0; i < expected.columns().size(); i++) {
        Column wanted = expected.columns().get(i);
        int[] there =
            IntStream.range(0, expected.rows()).filter(row -> !wanted.isNull(row)).toArray();
        Column found = actual.columns().get(i);
        assertThat(IntStream.range(0, actual.rows()).filter(row -> !found.isNull(row)).toArray())
            .as(expected.fields().get(i).name())
            .isEqualTo(there);
        assertThat(found.select(there))
            .as(expected.fields().get(i).name())
            .usingRecursiveComparison()
            .withEqualsForType(
                (a, b) -> Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b), Float.class)
            .withEqualsForType(
                (a, b) -> Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b),
                Double.class)
            .withEqualsForType(java.nio.ByteBuffer::equals, java.nio.ByteBuffer.class)
            .isEqualTo(wanted.select(there));
      }
    }
  }

  @Nested
  class AnEmptyPage {
    @Test
    void isNoBatch() {
      PageDecoder decoder = new PageDecoder(List.of(KEY, VECTOR));

      assertThat(decoder.decode(Answers.of(page().build()))).isNull();
      assertThat(decoder.decode(Answers.of(page(longs("id"), floats("v")).build()))).isNull();
    }
  }

  @Nested
  class APageThatIsNotWhatWasAskedFor {
    @Test
    void failsWithoutTheKey() {
      assertBroken(page(floats("v", 1, 2)), "id");
    }

    @Test
    void failsWithoutAField() {
      assertBroken(page(longs("id", 1)), "v");
    }

    @Test
    void failsWhereAColumnIsShorterOrLonger() {
      assertBroken(page(longs("id", 1, 2), floats("v", 1, 2)), "v");
      assertBroken(page(longs("id", 1), floats("v", 1, 2, 3, 4)), "v");
    }

    @Test
    void failsWhereAVectorIsCutShort() {
      assertBroken(page(longs("id", 1), floats("v", 1, 2, 3)), "v");
    }

    @Test
    void failsWhereTheVectorIsOfAnotherType() {
      assertBroken(
          page(
              longs("id", 1),
              FieldData.newBuilder()
                  .setFieldName("v")
                  .setVectors(
                      VectorField.newBuilder().setBinaryVector(ByteString.copyFrom(new byte[8])))),
          "v");
    }

    @Test
    void failsWhereScalarsAreOfAnotherType() {
      FieldSpec number = FieldSpec.of("n", FieldType.INT64, Map.of());

      assertBroken(List.of(KEY, number), page(longs("id", 1), ints("n", 1)), "n");
    }

    @Test
    void failsWhereTheElementsOfAnArrayAreOfAnotherType() {
      FieldSpec array = FieldSpec.arrayOf("n", FieldType.INT64, Map.of("max_capacity", "9"));
      FieldData.Builder data =
          FieldData.newBuilder()
              .setFieldName("n")
              .setScalars(
                  ScalarField.newBuilder()
                      .setArrayData(ArrayArray.newBuilder().addData(ints("", 1).getScalars())));

      assertBroken(List.of(KEY, array), page(longs("id", 1), data), "n");
    }

    @Test
    void failsWhereARowHasANull() {
      FieldSpec number = FieldSpec.of("n", FieldType.INT64, Map.of());

      assertBroken(
          List.of(KEY, number),
          page(longs("id", 1, 2), longs("n", 1, 0).addValidData(true).addValidData(false)),
          "n");
    }

    private void assertBroken(QueryResults.Builder page, String field) {
      assertBroken(List.of(KEY, VECTOR), page, field);
    }

    private void assertBroken(List<FieldSpec> fields, QueryResults.Builder page, String field) {
      FerryException failure =
          catchThrowableOfType(FerryException.class, () -> decode(fields, page));

      assertThat(failure).isNotNull();
      assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_REFUSED);
      assertThat(failure).hasMessageMatching(".*not what was asked for.*\\b" + field + "\\b.*");
    }
  }

  private static RecordBatch decode(List<FieldSpec> fields, QueryResults.Builder page) {
    RecordBatch batch = new PageDecoder(fields).decode(Answers.of(page.build()));
    assertThat(batch).isNotNull();
    return java.util.Objects.requireNonNull(batch);
  }

  private static QueryResults.Builder page(RecordBatch batch) {
    return QueryResults.newBuilder().addAllFieldsData(FieldDataWriter.write(batch));
  }

  private static QueryResults.Builder page(FieldData.Builder... fields) {
    QueryResults.Builder page = QueryResults.newBuilder();
    for (FieldData.Builder field : fields) {
      page.addFieldsData(field);
    }
    return page;
  }

  private static FieldData.Builder longs(String name, long... values) {
    LongArray.Builder data = LongArray.newBuilder();
    for (long value : values) {
      data.addData(value);
    }
    return FieldData.newBuilder()
        .setFieldName(name)
        .setScalars(ScalarField.newBuilder().setLongData(data));
  }

  private static FieldData.Builder ints(String name, int... values) {
    IntArray.Builder data = IntArray.newBuilder();
    for (int value : values) {
      data.addData(value);
    }
    return FieldData.newBuilder()
        .setFieldName(name)
        .setScalars(ScalarField.newBuilder().setIntData(data));
  }

  private static FieldData.Builder floats(String name, float... values) {
    FloatArray.Builder data = FloatArray.newBuilder();
    for (float value : values) {
      data.addData(value);
    }
    return FieldData.newBuilder()
        .setFieldName(name)
        .setVectors(VectorField.newBuilder().setFloatVector(data));
  }
}
