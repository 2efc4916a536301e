package io.milvusferry.testkit;

import io.milvusferry.connector.MilvusServer;

class FakeMilvusTest extends CollectionContract {
  private final FakeMilvus server = new FakeMilvus();

  @Override
  protected MilvusServer server() {
    return server;
  }

  @Override
  protected int manyRows() {
    return 5_000;
  }
}
