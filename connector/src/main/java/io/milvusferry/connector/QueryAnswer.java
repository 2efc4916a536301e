package io.milvusferry.connector;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.Status;
import io.milvus.grpc.VectorField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a query, taken off the wire without looking at single floats: a packed list of
 * floats is one run of little-endian bytes already.
 *
 * @param status whether the server could answer
 * @param fields in the order of the message
 * @param bytes length of the message
 */
record QueryAnswer(Status status, List<Field> fields, int bytes) {
  private static final int FIELDS_DATA = delimited(QueryResults.FIELDS_DATA_FIELD_NUMBER);
  private static final int VECTORS = delimited(FieldData.VECTORS_FIELD_NUMBER);
  private static final int FLOAT_VECTOR = delimited(VectorField.FLOAT_VECTOR_FIELD_NUMBER);
  private static final int PACKED = delimited(FloatArray.DATA_FIELD_NUMBER);
  private static final int SINGLE = FloatArray.DATA_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED32;

  /**
   * One field of the rows.
   *
   * @param data all of it but the numbers of float vectors
   * @param floats the numbers of float vectors, little-endian; empty for any other type
   */
  record Field(FieldData data, ByteString floats) {}

  /**
   * Reads a message of type {@code QueryResults}, which must not be changed afterwards.
   *
   * @throws IOException when it is not such a message
   */
  static QueryAnswer parse(byte[] message) throws IOException {
    List<Field> fields = new ArrayList<>();
    ByteString rest =
        without(
            UnsafeByteOperations.unsafeWrap(message),
            FIELDS_DATA,
            field -> fields.add(parseField(field)));
    return new QueryAnswer(
        QueryResults.parseFrom(rest).getStatus(), List.copyOf(fields), message.length);
  }

  private static Field parseField(ByteString field) throws IOException {
    List<ByteString> runs = new ArrayList<>();
    List<VectorField> vectors = new ArrayList<>();
    ByteString rest =
        without(
            field,
            VECTORS,
            vector ->
                vectors.add(
                    VectorField.parseFrom(
                        without(vector, FLOAT_VECTOR, array -> addRuns(array, runs)))));
    FieldData.Builder data = FieldData.parseFrom(rest).toBuilder();
    for (VectorField vector : vectors) {
      data.mergeVectors(vector);
    }
    return new Field(data.build(), ByteString.copyFrom(runs));
  }

  /** The bytes of a {@code FloatArray}: runs of floats, or floats one by one. */
  private static void addRuns(ByteString array, List<ByteString> runs) throws IOException {
    CodedInputStream in = input(array);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int start = in.getTotalBytesRead();
      if (tag == PACKED) {
        runs.add(in.readBytes());
        if (runs.get(runs.size() - 1).size() % Float.BYTES != 0) {
          throw new InvalidProtocolBufferException("a run of floats ends inside of a float");
        }
      } else {
        skip(in, tag);
        if (tag == SINGLE) {
          runs.add(array.substring(start, in.getTotalBytesRead()));
        }
      }
    }
  }

  /** What is done with a part of a message. */
  private interface Part {
    void take(ByteString content) throws IOException;
  }

  /** The message without the parts that have this tag. */
  private static ByteString without(ByteString message, int wanted, Part part) throws IOException {
    CodedInputStream in = input(message);
    ByteString rest = ByteString.EMPTY;
    boolean found = false;
    int start = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == wanted) {
        found = true;
        part.take(in.readBytes());
      } else {
        skip(in, tag);
        rest = rest.concat(message.substring(start, in.getTotalBytesRead()));
      }
      start = in.getTotalBytesRead();
    }
    return found ? rest : message;
  }

  private static CodedInputStream input(ByteString message) {
    CodedInputStream in = message.newCodedInput();
    in.enableAliasing(true);
    return in;
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that did not begin");
    }
  }

  private static int delimited(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }
}
