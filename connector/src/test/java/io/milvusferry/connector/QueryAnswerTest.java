package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.Status;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueryAnswerTest {
  private static final long SEED = 4;

  private final Random random = new Random(SEED);

  @Test
  void isWhatProtobufReads() throws IOException {
    QueryResults message = message();

    QueryAnswer answer = QueryAnswer.parse(message.toByteArray());

    assertThat(whole(answer)).isEqualTo(message);
    assertThat(answer.bytes()).isEqualTo(message.getSerializedSize());
    assertThat(answer.fields().get(2).data().getVectors().getFloatVector().getDataCount()).isZero();
    assertThat(answer.fields().get(0).floats().isEmpty()).isTrue();
  }

  @Test
  void keepsTheBitsOfEveryFloat() throws IOException {
    FloatArray.Builder numbers = FloatArray.newBuilder();
    int[] bits = {0x7fc0_0001, 0xffc0_0000, 0x7f80_0000, 0x8000_0000, 1, 0x7f7f_ffff};
    for (int one : bits) {
      numbers.addData(Float.intBitsToFloat(one));
    }

    ByteBuffer read = floats(QueryAnswer.parse(withFloats(numbers.build().toByteString())));

    for (int one : bits) {
      assertThat(read.getInt()).isEqualTo(one);
    }
  }

  @Test
  void floatsOneByOneAndInSeveralRunsAreTheSame() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream array = CodedOutputStream.newInstance(bytes);
    array.writeFloat(1, 1.5f);
    array.flush();
    FloatArray.newBuilder().addData(2.5f).addData(3.5f).build().writeTo(bytes);
    FloatArray.newBuilder().addData(4.5f).build().writeTo(bytes);

    ByteBuffer read =
        floats(QueryAnswer.parse(withFloats(ByteString.copyFrom(bytes.toByteArray()))));

    assertThat(List.of(read.getFloat(), read.getFloat(), read.getFloat(), read.getFloat()))
        .containsExactly(1.5f, 2.5f, 3.5f, 4.5f);
    assertThat(read.hasRemaining()).isFalse();
  }

  @Test
  void aRunThatEndsInsideOfAFloatIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream array = CodedOutputStream.newInstance(bytes);
    array.writeByteArray(1, new byte[7]);
    array.flush();
    byte[] message = withFloats(ByteString.copyFrom(bytes.toByteArray()));

    assertThatThrownBy(() -> QueryAnswer.parse(message))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void aMessageCutAnywhereIsReadAsProtobufReadsIt() {
    byte[] message = message().toByteArray();
    for (int length = 0; length < message.length; length++) {
      assertReadAsProtobufDoes(java.util.Arrays.copyOf(message, length));
    }
  }

  @Test
  void aMessageWithAFlippedBitIsReadAsProtobufReadsIt() {
    byte[] message = message().toByteArray();
    for (int bit = 0; bit < 8 * message.length; bit++) {
      byte[] other = message.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertReadAsProtobufDoes(other);
    }
  }

  /** Unknown fields aside, which neither side looks at. */
  private static void assertReadAsProtobufDoes(byte[] bytes) {
    QueryResults expected;
    try {
      expected = QueryResults.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      assertThatThrownBy(() -> QueryAnswer.parse(bytes)).isInstanceOf(IOException.class);
      return;
    }
    try {
      QueryAnswer answer = QueryAnswer.parse(bytes);
      assertThat(answer.status()).isEqualTo(expected.getStatus());
      assertThat(answer.fields()).hasSize(expected.getFieldsDataCount());
      for (int i = 0; i < answer.fields().size(); i++) {
        FieldData field = whole(answer.fields().get(i));
        FieldData wanted = expected.getFieldsData(i);
        assertThat(field.getScalars()).isEqualTo(wanted.getScalars());
        assertThat(field.getVectors().getFloatVector().getDataList())
            .isEqualTo(wanted.getVectors().getFloatVector().getDataList());
        assertThat(field.getFieldName()).isEqualTo(wanted.getFieldName());
        assertThat(field.getIsDynamic()).isEqualTo(wanted.getIsDynamic());
      }
    } catch (IOException e) {
      throw new AssertionError("protobuf reads this message", e);
    }
  }

  private QueryResults message() {
    LongArray.Builder keys = LongArray.newBuilder();
    StringArray.Builder texts = StringArray.newBuilder();
    FloatArray.Builder numbers = FloatArray.newBuilder();
    for (int row = 0; row < 5; row++) {
      keys.addData(random.nextLong());
      texts.addData("text " + random.nextInt(1000));
      for (int i = 0; i < 4; i++) {
        numbers.addData(random.nextFloat());
      }
    }
    return QueryResults.newBuilder()
        .setStatus(Status.newBuilder().setReason("none"))
        .addFieldsData(
            FieldData.newBuilder()
                .setType(DataType.Int64)
                .setFieldName("id")
                .setScalars(ScalarField.newBuilder().setLongData(keys)))
        .addFieldsData(
            FieldData.newBuilder()
                .setType(DataType.VarChar)
                .setFieldName("label")
                .setScalars(ScalarField.newBuilder().setStringData(texts)))
        .addFieldsData(
            FieldData.newBuilder()
                .setType(DataType.FloatVector)
                .setFieldName("vector")
                .setVectors(VectorField.newBuilder().setDim(4).setFloatVector(numbers))
                .setFieldId(102))
        .setCollectionName("things")
        .addOutputFields("id")
        .addOutputFields("label")
        .build();
  }

  /** A message with one field, whose {@code FloatArray} has these bytes. */
  private static byte[] withFloats(ByteString array) throws IOException {
    ByteArrayOutputStream vector = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(vector);
    out.writeInt64(VectorField.DIM_FIELD_NUMBER, 1);
    out.writeBytes(VectorField.FLOAT_VECTOR_FIELD_NUMBER, array);
    out.flush();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    out = CodedOutputStream.newInstance(field);
    out.writeString(FieldData.FIELD_NAME_FIELD_NUMBER, "vector");
    out.writeByteArray(FieldData.VECTORS_FIELD_NUMBER, vector.toByteArray());
    out.flush();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    out = CodedOutputStream.newInstance(message);
    out.writeByteArray(QueryResults.FIELDS_DATA_FIELD_NUMBER, field.toByteArray());
    out.flush();
    return message.toByteArray();
  }

  private static ByteBuffer floats(QueryAnswer answer) {
    return answer.fields().get(0).floats().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static QueryResults whole(QueryAnswer answer) {
    return QueryResults.newBuilder()
        .setStatus(answer.status())
        .addAllFieldsData(answer.fields().stream().map(QueryAnswerTest::whole).toList())
        .setCollectionName("things")
        .addOutputFields("id")
        .addOutputFields("label")
        .build();
  }

  /** The field with its floats back where protobuf has them. */
  private static FieldData whole(QueryAnswer.Field field) {
    if (field.floats().isEmpty()) {
      return field.data();
    }
    FieldData.Builder data = field.data().toBuilder();
    ByteBuffer floats = field.floats().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      data.getVectorsBuilder().getFloatVectorBuilder().addData(floats.getFloat());
    }
    return data.build();
  }
}
