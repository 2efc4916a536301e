package io.milvusferry.connector;

import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.Status;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.SourceInfo;
import io.milvusferry.progress.Throttle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A Milvus server over gRPC. */
public final class MilvusConnection implements MilvusServer {
  private final ServerChannel channel;
  private final String database;
  private @Nullable Capabilities capabilities;

  private MilvusConnection(ServerChannel channel, String database) {
    this.channel = channel;
    this.database = database;
  }

  /**
   * Connects and asks for the databases, so that a wrong address or wrong credentials fail here.
   *
   * @throws FerryException {@code SERVER_UNREACHABLE}, {@code HOST_UNKNOWN} or {@code
   *     SERVER_CREDENTIALS}
   */
  public static MilvusConnection open(ConnectionSettings settings) {
    ServerChannel channel = new ServerChannel(settings);
    try {
      channel.once(
          settings.database(),
          "ShowCollections",
          settings.deadline(),
          stub -> stub.showCollections(collectionsOf(settings.database())),
          ShowCollectionsResponse::getStatus);
      return new MilvusConnection(channel, settings.database());
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Connects when it is first used, for those who can do without the server for a while. */
  public static MilvusConnection lazy(ConnectionSettings settings) {
    return new MilvusConnection(new ServerChannel(settings), settings.database());
  }

  @Override
  public SourceInfo info() {
    return new SourceInfo(version(), capabilities().names());
  }

  @Override
  public synchronized Capabilities capabilities() {
    Capabilities known = capabilities;
    if (known == null) {
      known = new CapabilityProbe(channel, database).probe();
      capabilities = known;
    }
    return known;
  }

  @Override
  public List<String> databases() {
    return channel
        .callIfKnown(
            database,
            "ListDatabases",
            stub -> stub.listDatabases(ListDatabasesRequest.getDefaultInstance()),
            ListDatabasesResponse::getStatus)
        .map(answer -> answer.getDbNamesList().stream().sorted().toList())
        .orElse(List.of(CollectionName.DEFAULT_DATABASE));
  }

  @Override
  public Optional<SortedMap<String, String>> databaseProperties(String name) {
    return DescribeCalls.database(channel, name)
        .map(answer -> SchemaTranslator.map(answer.getPropertiesList()));
  }

  @Override
  public void createDatabase(String name, Map<String, String> properties) {
    if (databases().contains(name)) {
      return;
    }
    CreateDatabaseRequest.Builder request = CreateDatabaseRequest.newBuilder().setDbName(name);
    properties.forEach((key, value) -> request.addProperties(SchemaTranslator.pair(key, value)));
    try {
      channel.call(
          CollectionName.DEFAULT_DATABASE,
          "CreateDatabase " + name,
          stub -> stub.createDatabase(request.build()),
          (Status status) -> status);
    } catch (FerryException e) {
      // The answer to the first try may be lost, and the second one be told that it is there.
      if (!databases().contains(name)) {
        throw e;
      }
    }
  }

  @Override
  public List<CollectionName> collections(String name) {
    return channel
        .call(
            name,
            "ShowCollections",
            stub -> stub.showCollections(collectionsOf(name)),
            ShowCollectionsResponse::getStatus)
        .getCollectionNamesList()
        .stream()
        .map(collection -> new CollectionName(name, collection))
        .sorted()
        .toList();
  }

  @Override
  public CollectionSource source(CollectionName name) {
    return new MilvusSource(channel, name, Throttle.NONE);
  }

  @Override
  public CollectionTarget target(CollectionName name) {
    return new MilvusTarget(channel, name);
  }

  @Override
  public List<ImportTask> importTasks(String name) {
    return new ImportTasks(channel, name).all();
  }

  @Override
  public void setAlias(CollectionName name, String alias) {
    CreateAliasRequest create =
        CreateAliasRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setAlias(alias)
            .build();
    try {
      channel.call(
          name.database(),
          "CreateAlias " + alias,
          stub -> stub.createAlias(create),
          (Status status) -> status);
    } catch (FerryException taken) {
      moveAlias(name, alias, taken);
    }
  }

  /** The server would not make the alias: it is another collection's, or ours already. */
  private void moveAlias(CollectionName name, String alias, FerryException taken) {
    AlterAliasRequest alter =
        AlterAliasRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .setAlias(alias)
            .build();
    try {
      channel.call(
          name.database(),
          "AlterAlias " + alias,
          stub -> stub.alterAlias(alter),
          (Status status) -> status);
    } catch (FerryException e) {
      taken.addSuppressed(e);
      throw taken;
    }
  }

  @Override
  public void close() {
    channel.close();
  }

  private String version() {
    return channel
        .callIfKnown(
            database,
            "GetVersion",
            stub -> stub.getVersion(GetVersionRequest.getDefaultInstance()),
            GetVersionResponse::getStatus)
        .map(GetVersionResponse::getVersion)
        .orElse("");
  }

  private static ShowCollectionsRequest collectionsOf(String name) {
    return ShowCollectionsRequest.newBuilder().setDbName(name).build();
  }
}
