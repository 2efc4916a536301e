package io.milvusferry.cli;

import io.milvusferry.connector.Capabilities;
import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ImportTask;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.SourceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A server of which only one database is seen. */
record OneDatabaseServer(MilvusServer server, String database) implements MilvusServer {
  @Override
  public SourceInfo info() {
    return server.info();
  }

  @Override
  public Capabilities capabilities() {
    return server.capabilities();
  }

  @Override
  public List<String> databases() {
    return List.of(database);
  }

  @Override
  public Optional<SortedMap<String, String>> databaseProperties(String name) {
    return server.databaseProperties(name);
  }

  @Override
  public void createDatabase(String name, Map<String, String> properties) {
    server.createDatabase(name, properties);
  }

  @Override
  public List<CollectionName> collections(String name) {
    return server.collections(name);
  }

  @Override
  public CollectionSource source(CollectionName name) {
    return server.source(name);
  }

  @Override
  public CollectionTarget target(CollectionName name) {
    return server.target(name);
  }

  @Override
  public List<ImportTask> importTasks(String name) {
    return server.importTasks(name);
  }

  @Override
  public void setAlias(CollectionName name, String alias) {
    server.setAlias(name, alias);
  }

  @Override
  public void close() {
    server.close();
  }
}
