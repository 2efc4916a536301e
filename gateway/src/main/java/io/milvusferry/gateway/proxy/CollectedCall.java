package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call with one request, which is handled when all of it is here. */
final class CollectedCall extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], byte[]> down;
  private final Consumer<byte[]> then;
  private final Runnable abandoned;
  private byte @Nullable [] request;
  private boolean handed;

  /**
   * @param then takes the request and sees to the answer
   * @param abandoned the application gave up before the request was here
   */
  CollectedCall(ServerCall<byte[], byte[]> down, Consumer<byte[]> then, Runnable abandoned) {
    this.down = down;
    this.then = then;
    this.abandoned = abandoned;
  }

  @Override
  public void onMessage(byte[] message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    byte[] whole = request;
    request = null;
    handed = true;
    if (whole == null) {
      abandoned.run();
      down.close(Status.INTERNAL.withDescription("a call without a request"), new Metadata());
    } else {
      then.accept(whole);
    }
  }

  @Override
  public void onCancel() {
    if (!handed) {
      handed = true;
      abandoned.run();
    }
  }
}
