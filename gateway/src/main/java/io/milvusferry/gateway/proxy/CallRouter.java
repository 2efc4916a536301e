package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import org.jspecify.annotations.Nullable;

/** Finds what becomes of a call by its name. */
public final class CallRouter extends HandlerRegistry {
  private final Side source;

  public CallRouter(Side source) {
    this.source = source;
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
    return ServerMethodDefinition.create(
        RawMethods.named(name), (call, headers) -> Pipe.open(call, headers, source));
  }
}
