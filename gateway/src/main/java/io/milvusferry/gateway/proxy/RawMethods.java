package io.milvusferry.gateway.proxy;

import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.MethodDescriptor.MethodType;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Descriptions of calls whose messages stay bytes; of calls that Milvus has, and of all others. */
public final class RawMethods {
  /** What the full name of a call of Milvus begins with. */
  static final String MILVUS = MilvusServiceGrpc.SERVICE_NAME + "/";

  private static final RawMessages BYTES = new RawMessages();

  private static final Map<String, MethodDescriptor<byte[], byte[]>> KNOWN =
      MilvusServiceGrpc.getServiceDescriptor().getMethods().stream()
          .map(method -> describe(method.getFullMethodName(), method.getType()))
          .collect(
              Collectors.toUnmodifiableMap(
                  MethodDescriptor::getFullMethodName, Function.identity()));

  private RawMethods() {}

  /** A call by its full name, such as {@code milvus.proto.milvus.MilvusService/Insert}. */
  static MethodDescriptor<byte[], byte[]> named(String fullName) {
    MethodDescriptor<byte[], byte[]> known = KNOWN.get(fullName);
    return known == null ? describe(fullName, MethodType.UNKNOWN) : known;
  }

  /** A call of Milvus by its short name, such as {@code Insert}. */
  public static MethodDescriptor<byte[], byte[]> milvus(String name) {
    return named(MILVUS + name);
  }

  private static MethodDescriptor<byte[], byte[]> describe(String fullName, MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setFullMethodName(fullName)
        .setType(type)
        .build();
  }
}
