package io.milvusferry.importer;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names and aliases that a target has, asked once. */
final class TargetView {
  private final MilvusServer server;
  private final List<String> databases;
  private final Map<String, List<CollectionName>> collections = new HashMap<>();
  private final Map<String, Map<String, CollectionName>> aliases = new HashMap<>();

  TargetView(MilvusServer server) {
    this.server = server;
    this.databases = server.databases();
  }

  boolean hasDatabase(String database) {
    return databases.contains(database);
  }

  /** Whether a collection has this name; an alias does not count. */
  boolean exists(CollectionName name) {
    return hasDatabase(name.database())
        && collections.computeIfAbsent(name.database(), server::collections).contains(name);
  }

  /**
   * The collection that an alias stands for; where the server does not list aliases, the alias
   * itself if anything answers to it.
   */
  Optional<CollectionName> owner(String database, String alias) {
    if (!hasDatabase(database)) {
      return Optional.empty();
    }
    if (server.capabilities().aliases()) {
      return Optional.ofNullable(aliases.computeIfAbsent(database, this::aliases).get(alias));
    }
    CollectionName name = new CollectionName(database, alias);
    return !exists(name) && server.target(name).exists() ? Optional.of(name) : Optional.empty();
  }

  private Map<String, CollectionName> aliases(String database) {
    Map<String, CollectionName> owners = new HashMap<>();
    for (CollectionName name : collections.computeIfAbsent(database, server::collections)) {
      aliasesOf(name).forEach(alias -> owners.put(alias, name));
    }
    return owners;
  }

  /** None where the collection is gone by now, as the probes of another import are soon. */
  private List<String> aliasesOf(CollectionName name) {
    try {
      return server.source(name).aliases();
    } catch (FerryException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }
}
