package io.milvusferry.connector;

import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.shaded.io.grpc.KnownLength;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;

/** The server's call Query, whose answers stay bytes where they can. */
final class QueryCall {
  private static final MethodDescriptor<QueryRequest, QueryAnswer> QUERY =
      MilvusServiceGrpc.getQueryMethod().toBuilder(ReadRequests.QUERY, new Answers()).build();

  private QueryCall() {}

  static QueryAnswer query(MilvusServiceBlockingStub stub, QueryRequest request) {
    return ClientCalls.blockingUnaryCall(stub.getChannel(), QUERY, stub.getCallOptions(), request);
  }

  private static final class Answers implements MethodDescriptor.Marshaller<QueryAnswer> {
    @Override
    public InputStream stream(QueryAnswer answer) {
      throw new UnsupportedOperationException("answers are only read");
    }

    @Override
    public QueryAnswer parse(InputStream stream) {
      try {
        return QueryAnswer.parse(bytes(stream));
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("the answer to Query is not a protobuf message")
            .withCause(e)
            .asRuntimeException();
      }
    }

    private static byte[] bytes(InputStream stream) throws IOException {
      if (!(stream instanceof KnownLength)) {
        return stream.readAllBytes();
      }
      byte[] bytes = new byte[stream.available()];
      int length = stream.readNBytes(bytes, 0, bytes.length);
      if (length != bytes.length || stream.read() >= 0) {
        throw new IOException("a message is not as long as it was said to be");
      }
      return bytes;
    }
  }
}
