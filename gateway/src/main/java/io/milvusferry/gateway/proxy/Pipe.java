package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.ClientCall;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.Status;

/**
 * One call that passes byte for byte, whatever it is: each message is asked for when the one before
 * it has been taken, so neither side can flood the other. Deadline and cancellation travel with it.
 */
final class Pipe extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], byte[]> down;
  private final ClientCall<byte[], byte[]> up;
  private boolean askUp;
  private boolean askDown;

  private Pipe(ServerCall<byte[], byte[]> down, Side side) {
    this.down = down;
    this.up = side.call(down.getMethodDescriptor(), CallOptions.DEFAULT);
  }

  /** Begins to pass a call on. */
  static ServerCall.Listener<byte[]> open(
      ServerCall<byte[], byte[]> down, Metadata headers, Side side) {
    Pipe pipe = new Pipe(down, side);
    pipe.up.start(pipe.new Answer(), side.headers(headers));
    pipe.down.request(1);
    pipe.up.request(1);
    return pipe;
  }

  @Override
  public void onMessage(byte[] message) {
    up.sendMessage(message);
    synchronized (this) {
      askDown = !up.isReady();
      if (askDown) {
        return;
      }
    }
    down.request(1);
  }

  @Override
  public void onHalfClose() {
    up.halfClose();
  }

  @Override
  public void onCancel() {
    up.cancel("the application gave the call up", null);
  }

  @Override
  public void onReady() {
    synchronized (this) {
      if (!askUp) {
        return;
      }
      askUp = false;
    }
    up.request(1);
  }

  private final class Answer extends ClientCall.Listener<byte[]> {
    @Override
    public void onHeaders(Metadata headers) {
      down.sendHeaders(headers);
    }

    @Override
    public void onMessage(byte[] message) {
      down.sendMessage(message);
      synchronized (Pipe.this) {
        askUp = !down.isReady();
        if (askUp) {
          return;
        }
      }
      up.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!down.isCancelled()) {
        down.close(status, trailers);
      }
    }

    @Override
    public void onReady() {
      synchronized (Pipe.this) {
        if (!askDown) {
          return;
        }
        askDown = false;
      }
      down.request(1);
    }
  }
}
