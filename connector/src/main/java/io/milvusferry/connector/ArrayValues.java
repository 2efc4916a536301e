package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.ScalarField;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Column;
import java.io.IOException;

/** Arrays as a server writes them down: each is a protobuf message of its elements. */
public final class ArrayValues {
  private ArrayValues() {}

  /**
   * The arrays in these messages, one for each row.
   *
   * @throws IOException when one of them is no such message
   */
  public static Column decode(FieldSpec field, Column.Bytes messages) throws IOException {
    ByteString all = UnsafeByteOperations.unsafeWrap(messages.bytes());
    ArrayArray.Builder rows = ArrayArray.newBuilder();
    for (int row = 0; row < messages.rows(); row++) {
      try {
        rows.addData(
            ScalarField.parseFrom(
                all.substring(messages.offsets()[row], messages.offsets()[row + 1])));
      } catch (InvalidProtocolBufferException e) {
        throw new IOException("value %d is no array".formatted(row + 1), e);
      }
    }
    return ScalarDecoder.decode(field, ScalarField.newBuilder().setArrayData(rows).build());
  }
}
