package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.Status;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered to a call with one request.
 *
 * @param body null when there is none
 * @param sent whether anything of the call went out to the server
 */
record Answer(
    Status status,
    Metadata headers,
    @SuppressWarnings("ArrayRecordComponent") byte @Nullable [] body,
    Metadata trailers,
    boolean sent) {

  /** An answer that no server gave. */
  static Answer of(byte[] body) {
    return new Answer(Status.OK, new Metadata(), body, new Metadata(), true);
  }

  /** A call that failed here. */
  static Answer failed(Status status) {
    return new Answer(status, new Metadata(), null, new Metadata(), false);
  }

  /** Whether the server may have done something although it did not answer. */
  boolean mayHaveTakenEffect() {
    return sent
        && switch (status.getCode()) {
          case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, RESOURCE_EXHAUSTED -> false;
          default -> true;
        };
  }

  /** Gives it to the application, unless that has given up. */
  void to(ServerCall<byte[], byte[]> down) {
    if (down.isCancelled()) {
      return;
    }
    if (body != null) {
      down.sendHeaders(headers);
      down.sendMessage(body);
    }
    down.close(status, trailers);
  }

  /** Milvus' own status, which travels inside the answer. */
  MilvusStatus milvusStatus(int statusField) {
    byte[] bytes = body;
    if (!status.isOk() || bytes == null) {
      return MilvusStatus.TRANSPORT;
    }
    if (statusField == 0) {
      return MilvusStatus.read(ByteBuffer.wrap(bytes));
    }
    MilvusStatus[] found = {MilvusStatus.SUCCESS};
    WireFields.visit(
        bytes,
        new WireFields.Visitor() {
          @Override
          public void bytes(int field, ByteBuffer value) {
            if (field == statusField) {
              found[0] = MilvusStatus.read(value);
            }
          }
        });
    return found[0];
  }
}
