package io.milvusferry.manifest;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything about a collection but its rows: what a target needs to make the same one.
 *
 * @param aliases sorted; empty also where the source cannot list them
 * @param properties sorted by key
 * @param partitions names in the order of their creation, {@code _default} among them; empty for
 *     collections with a partition key, whose partitions the server manages
 * @param partitionCount how many partitions a partition-key collection has; else 0
 * @param consistencyLevel such as {@code Bounded}, in Milvus' words
 * @param replicas 0 where not loaded
 */
public record CollectionDescription(
    CollectionName name,
    String description,
    CollectionSchema schema,
    List<IndexSpec> indexes,
    List<String> partitions,
    int partitionCount,
    List<String> aliases,
    SortedMap<String, String> properties,
    int shards,
    String consistencyLevel,
    LoadState loadState,
    int replicas,
    List<String> resourceGroups) {
  public CollectionDescription {
    indexes = List.copyOf(indexes);
    partitions = List.copyOf(partitions);
    aliases = List.copyOf(aliases);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    resourceGroups = List.copyOf(resourceGroups);
  }

  /** The vector fields that no index covers; a collection with such a field cannot be loaded. */
  public List<FieldSpec> vectorsWithoutIndex() {
    return schema.fields().stream()
        .filter(field -> field.type().isVector())
        .filter(field -> indexes.stream().noneMatch(index -> index.field().equals(field.name())))
        .toList();
  }

  /** The same under another name. */
  public CollectionDescription withName(CollectionName other) {
    return new CollectionDescription(
        other,
        description,
        schema,
        indexes,
        partitions,
        partitionCount,
        aliases,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with other indexes. */
  public CollectionDescription withIndexes(List<IndexSpec> other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        other,
        partitions,
        partitionCount,
        aliases,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with other partitions. */
  public CollectionDescription withPartitions(List<String> other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        other,
        partitionCount,
        aliases,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with other aliases. */
  public CollectionDescription withAliases(List<String> other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        partitions,
        partitionCount,
        other,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same in another load state. */
  public CollectionDescription withLoadState(LoadState state, int replicaNumber) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        partitions,
        partitionCount,
        aliases,
        properties,
        shards,
        consistencyLevel,
        state,
        replicaNumber,
        resourceGroups);
  }

  /** The same with another schema. */
  public CollectionDescription withSchema(CollectionSchema other) {
    return new CollectionDescription(
        name,
        description,
        other,
        indexes,
        partitions,
        partitionCount,
        aliases,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with another text. */
  public CollectionDescription withDescription(String other) {
    return new CollectionDescription(
        name,
        other,
        schema,
        indexes,
        partitions,
        partitionCount,
        aliases,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with other properties. */
  public CollectionDescription withProperties(SortedMap<String, String> other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        partitions,
        partitionCount,
        aliases,
        other,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with another number of shards. */
  public CollectionDescription withShards(int other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        partitions,
        partitionCount,
        aliases,
        properties,
        other,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with another consistency level. */
  public CollectionDescription withConsistencyLevel(String other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        partitions,
        partitionCount,
        aliases,
        properties,
        shards,
        other,
        loadState,
        replicas,
        resourceGroups);
  }

  /** The same with another number of partitions for its partition key. */
  public CollectionDescription withPartitionCount(int other) {
    return new CollectionDescription(
        name,
        description,
        schema,
        indexes,
        partitions,
        other,
        aliases,
        properties,
        shards,
        consistencyLevel,
        loadState,
        replicas,
        resourceGroups);
  }
}
