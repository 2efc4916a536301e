package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.ClientCall;
import io.milvus.shaded.io.grpc.ClientStreamTracer;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call with one request and one answer. */
final class UnaryCall extends ClientCall.Listener<byte[]> {
  private final Consumer<Answer> then;
  private volatile boolean sent;
  private Metadata headers = new Metadata();
  private byte @Nullable [] body;

  private UnaryCall(Consumer<Answer> then) {
    this.then = then;
  }

  /**
   * Makes a call; deadline and cancellation are those of the current context and of the options.
   *
   * @param headers changed by the call
   * @param then called once, on an event loop
   */
  static ClientCall<byte[], byte[]> send(
      Side side,
      MethodDescriptor<byte[], byte[]> method,
      Metadata headers,
      byte[] request,
      CallOptions options,
      Consumer<Answer> then) {
    UnaryCall listener = new UnaryCall(then);
    ClientCall<byte[], byte[]> call =
        side.call(method, options.withStreamTracerFactory(listener.new Departure()));
    call.start(listener, headers);
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    return call;
  }

  /** The same for threads that may wait. */
  static Answer await(
      Side side,
      MethodDescriptor<byte[], byte[]> method,
      Metadata headers,
      byte[] request,
      CallOptions options) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    send(side, method, headers, request, options, answer::complete);
    return answer.join();
  }

  @Override
  public void onHeaders(Metadata given) {
    headers = given;
  }

  @Override
  public void onMessage(byte[] message) {
    body = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    then.accept(new Answer(status, headers, body, trailers, sent));
  }

  /** Sees whether the call left this machine: one that did not cannot have had an effect. */
  private final class Departure extends ClientStreamTracer.Factory {
    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          sent = true;
        }
      };
    }
  }
}
