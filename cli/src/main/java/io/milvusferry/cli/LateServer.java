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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that is connected with when it is first asked something, so that what needs nothing of
 * it works while it is down.
 */
final class LateServer implements MilvusServer {
  private final Supplier<MilvusServer> connector;
  private @Nullable MilvusServer server;

  LateServer(Supplier<MilvusServer> connector) {
    this.connector = connector;
  }

  private synchronized MilvusServer server() {
    MilvusServer known = server;
    if (known == null) {
      known = connector.get();
      server = known;
    }
    return known;
  }

  @Override
  public SourceInfo info() {
    return server().info();
  }

  @Override
  public Capabilities capabilities() {
    return server().capabilities();
  }

  @Override
  public List<String> databases() {
    return server().databases();
  }

  @Override
  public Optional<SortedMap<String, String>> databaseProperties(String database) {
    return server().databaseProperties(database);
  }

  @Override
  public void createDatabase(String database, Map<String, String> properties) {
    server().createDatabase(database, properties);
  }

  @Override
  public List<CollectionName> collections(String database) {
    return server().collections(database);
  }

  @Override
  public CollectionSource source(CollectionName name) {
    return server().source(name);
  }

  @Override
  public CollectionTarget target(CollectionName name) {
    return server().target(name);
  }

  @Override
  public List<ImportTask> importTasks(String database) {
    return server().importTasks(database);
  }

  @Override
  public void setAlias(CollectionName name, String alias) {
    server().setAlias(name, alias);
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
    }
  }
}
