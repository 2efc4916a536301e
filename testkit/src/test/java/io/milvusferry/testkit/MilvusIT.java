package io.milvusferry.testkit;

import static java.util.Objects.requireNonNull;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MilvusIT extends CollectionContract {
  private final MilvusConnection server =
      MilvusConnection.open(
          ConnectionSettings.parse(
              requireNonNull(System.getenv("FERRY_IT_SOURCE"), "FERRY_IT_SOURCE is not set")));

  @Override
  protected MilvusServer server() {
    return server;
  }

  @AfterAll
  void close() {
    server.close();
  }
}
