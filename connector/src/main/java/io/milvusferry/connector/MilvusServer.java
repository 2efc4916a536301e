package io.milvusferry.connector;

import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.SourceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One Milvus server, as source or as target. Safe for several threads. Every call has a deadline.
 */
public interface MilvusServer extends AutoCloseable {
  /** Version and probed capabilities. */
  SourceInfo info();

  Capabilities capabilities();

  /** Names of the databases; only {@code default} where the server has no databases. */
  List<String> databases();

  /** Properties of a database; empty where the server does not tell any. */
  Optional<SortedMap<String, String>> databaseProperties(String database);

  /**
   * Creates a database unless it exists.
   *
   * @param properties which a server may forget that does not tell any
   */
  void createDatabase(String database, Map<String, String> properties);

  /** Collections of a database, sorted by name. */
  List<CollectionName> collections(String database);

  /** The reading side of a collection; nothing is asked of the server yet. */
  CollectionSource source(CollectionName name);

  /** The writing side of a collection, which need not exist yet. */
  CollectionTarget target(CollectionName name);

  /** Bulk imports that the server remembers, of all collections of a database. */
  List<ImportTask> importTasks(String database);

  /** Takes an alias, away from another collection if {@code name} is not its owner. */
  void setAlias(CollectionName name, String alias);

  @Override
  void close();
}
