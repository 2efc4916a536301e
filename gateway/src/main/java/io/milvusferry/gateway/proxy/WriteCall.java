package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvusferry.gateway.journal.WriteKind;

/**
 * A write that an application asks for.
 *
 * @param ended gives back what the write holds of the memory; called once
 */
record WriteCall(
    ServerCall<byte[], byte[]> down,
    Metadata headers,
    WriteKind kind,
    @SuppressWarnings("ArrayRecordComponent") byte[] request,
    Runnable ended) {

  private static final int STATUS = 1;

  MethodDescriptor<byte[], byte[]> method() {
    return down.getMethodDescriptor();
  }

  /** Answers the application. */
  void answer(Answer answer) {
    ended.run();
    answer.to(down);
  }

  void answer(MilvusStatus status) {
    answer(status.answer(STATUS));
  }
}
