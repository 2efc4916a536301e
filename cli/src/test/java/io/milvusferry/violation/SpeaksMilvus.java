package io.milvusferry.violation;

import io.milvus.v2.client.ConnectConfig;

/** Speaks Milvus outside the connector. */
public final class SpeaksMilvus {
  ConnectConfig speak() {
    return ConnectConfig.builder().uri("http://127.0.0.1:19530").build();
  }
}
